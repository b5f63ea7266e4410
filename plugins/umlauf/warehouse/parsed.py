"""What dbt parsed, shared by all warehouses of a checkout, which would parse the same files each.

    dbt_project/target/parsed-<hash of target and variables>.msgpack

dbt compares every file with what was parsed of it, so an old one costs time, never truth. Where
the checkout cannot be written to, each warehouse has its own alone.

https://docs.getdbt.com/reference/parsing#partial-parsing
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from umlauf.storage.commit import commit

_OWN = "partial_parse.msgpack"


@contextmanager
def sharing_parsed(project: Path, target: Path, lasting: Sequence[str]) -> Iterator[None]:
    """Let dbt, run in the block, begin with what was parsed of `project` for another warehouse.

    `target` is the folder dbt writes to; `lasting` is what a parse depends on beside the files.
    """
    name = hashlib.sha256("\0".join(lasting).encode()).hexdigest()[:16]
    own, shared = target / _OWN, project / "target" / f"parsed-{name}.msgpack"
    if not own.exists():
        with suppress(OSError):
            shutil.copyfile(shared, own)
    before = _written_at(own)
    yield
    if _written_at(own) != before:
        with suppress(OSError):
            commit(shared, own.read_bytes())


def _written_at(file: Path) -> int | None:
    return file.stat().st_mtime_ns if file.exists() else None
