"""A bucket's batches in a folder of this machine, for a reader that knows folders alone."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from umlauf.storage.bucket_path import BucketPath, below

_AT_ONCE = 16


def mirror(root: BucketPath, folder: Path) -> int:
    """Let `folder` hold the batches that have landed below `root` and nothing else.

    Returns how many were fetched: those that are new, or written anew, which keeps the name and
    changes size or moment. Killed anywhere, the next call goes on.

    Raises:
        LandingUnavailable: the bucket does not answer.
    """
    wanted = {folder / below(root, file): file for file in root.glob("*/*/day=*/*.parquet")}
    for there in list(folder.rglob("*")):
        if there.is_file() and there not in wanted:
            there.unlink()
    missing = [target for target, file in wanted.items() if _stamp(target) != _stamp(file)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(_fetch, wanted[target], target) for target in missing]:
            done.result()
    return len(missing)


def _stamp(file: Path | BucketPath) -> tuple[int, int] | None:
    """Return size and whole second of writing: all that either kind tells; None if not there."""
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_size, int(stat.st_mtime)


def _fetch(file: BucketPath, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    file.bucket.download(str(file.key), partial)
    written = int(file.stat().st_mtime)
    os.utime(partial, (written, written))
    partial.replace(target)
