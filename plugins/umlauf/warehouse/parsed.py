"""What dbt parsed, shared by all warehouses of a checkout: parsing takes longer than most nights.

    dbt_project/target/parsed-<hash of target and variables>.msgpack

dbt compares every file with what was parsed of it, so an old one costs time, never truth. Where
the checkout cannot be written to, each warehouse has its own alone.

https://docs.getdbt.com/reference/parsing#partial-parsing
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

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
            _copy(own, shared)


def _written_at(file: Path) -> int | None:
    return file.stat().st_mtime_ns if file.exists() else None


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(exist_ok=True)
    partial = to.with_suffix(f".{os.getpid()}.partial")
    try:
        shutil.copyfile(file, partial)
        partial.replace(to)
    finally:
        partial.unlink(missing_ok=True)
