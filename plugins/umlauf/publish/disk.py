"""What DuckDB says of a full or broken disk, as the error that everything else raises for it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def disk_errors(file: Path) -> Iterator[None]:
    """Raise OSError about `file` where DuckDB could not read or write in the block.

    Its number is EIO whatever the cause: DuckDB tells that in words alone.
    """
    try:
        yield
    except duckdb.IOException as error:
        raise OSError(errno.EIO, " ".join(str(error).split()), str(file)) from error
