"""Give a file its name with its whole content, or not at all.

In a folder: written beside its target, flushed to disk, renamed; the rename is the commit. In a
bucket: one conditional put (`If-None-Match`), which the server carries out for one writer alone;
`If-Match` where a file is written anew (docs/decisions/0074).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from umlauf.errors import LeaseLost
from umlauf.storage.bucket_path import AnyPath, BucketPath
from umlauf.storage.footers import forget_footer


def commit(
    target: AnyPath,
    content: bytes | bytearray,
    check: Callable[[], None] = lambda: None,
    *,
    version: str | None = None,
) -> None:
    """Write `content` to `target`; it lasts once this returns.

    `check` may refuse in the last moment. `version` is that of the file which is written anew; a
    folder's rename needs none.

    Raises:
        LeaseLost: in a bucket, somebody else has written this file; nothing was committed.
    """
    if isinstance(target, BucketPath):
        check()
        _put(target, content, version)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        check()
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(target.parent)


def commit_copy(source: AnyPath, target: AnyPath, check: Callable[[], None]) -> None:
    """Give `target` the content of `source`, which is of the same kind; it is a commit like any.

    Raises:
        LeaseLost: in a bucket, somebody else has written this file; nothing was committed.
    """
    if isinstance(source, BucketPath) or isinstance(target, BucketPath):
        commit(target, source.read_bytes(), check)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    shutil.copyfile(source, partial)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    check()
    partial.replace(target)
    sync_folder(target.parent)


def move(file: AnyPath, target: AnyPath) -> None:
    """Give a file another name; in a bucket a moment long it has both."""
    if isinstance(file, BucketPath) and isinstance(target, BucketPath):
        file.bucket.copy(str(file.key), str(target.key))
        file.bucket.delete(str(file.key))
    else:
        Path(str(file)).rename(str(target))


def sync_folder(folder: AnyPath) -> None:
    """Flush a folder's entries, so that a rename survives a crash of the machine.

    What a bucket has answered for lasts.
    """
    if isinstance(folder, BucketPath):
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def workshop(folder: AnyPath) -> Path:
    """Return where what is on its way to `folder` is made: there, or at hand of a bucket."""
    if isinstance(folder, BucketPath):
        return folder.at_hand / "landing" / folder.key
    return folder


def _put(target: BucketPath, content: bytes | bytearray, version: str | None) -> None:
    try:
        if version is None:
            target.bucket.create(str(target.key), content)
        else:
            forget_footer(target)
            target.bucket.replace(str(target.key), content, version)
    except FileExistsError:
        raise LeaseLost(
            f"{target}: expected to be the only writer of this batch, came another's with other "
            "content; nothing was committed, run again"
        ) from None
