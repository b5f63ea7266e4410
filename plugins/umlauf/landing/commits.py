"""Stamping batches and counting them take turns, so that a build knows all up to its `known_on`.

A batch is stamped with its moment of fetching, then written, then renamed. Counted in between, it
would be missing from the build's index although its stamp lies before `known_on`: dbt would read
it, the ledger would not know it, and the raw gates would take it for one checked before.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from umlauf.errors import LeaseBusy
from umlauf.landing.batch import STAMP, names_in, stamp_text
from umlauf.storage.bucket_path import AnyPath, BucketPath

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_POLL_SECONDS = 0.005
_MICROSECOND = timedelta(microseconds=1)


@contextmanager
def committing(leases: Path, wait_seconds: float) -> Iterator[None]:
    """Hold counting off from a batch's stamp to its rename; many may commit at once.

    Raises:
        LeaseBusy: somebody has been counting for `wait_seconds`.
    """
    with _turn(leases, fcntl.LOCK_SH, wait_seconds):
        yield


@contextmanager
def counting(leases: Path, wait_seconds: float) -> Iterator[None]:
    """Hold commits off, once those under way are done.

    Raises:
        LeaseBusy: a commit has not ended for `wait_seconds`; it takes milliseconds.
    """
    with _turn(leases, fcntl.LOCK_EX, wait_seconds):
        yield


def growing_clock(clock: Callable[[], datetime], root: AnyPath) -> Callable[[], datetime]:
    """Return a clock whose moments lie behind everything landed, each behind the one before.

    The newest version of a record is the one fetched last: a host whose clock was set back must
    not make what it fetches now look older than what has landed, or than what was set aside and is
    read again (umlauf.landing.intact).
    """
    stamps = filter(None, map(_stamp_text, _names(root)))
    last = _stamp(max(stamps, default=stamp_text(_BEGINNING)))

    def look() -> datetime:
        nonlocal last
        last = max(clock(), last + _MICROSECOND)
        return last

    return look


def _names(root: AnyPath) -> Iterator[str]:
    """Yield the names of all that lies in days' folders."""
    if isinstance(root, BucketPath):
        yield from (file.name for file in root.glob("*/*/day=*/*"))
        return
    for stream in root.glob("*/*"):
        for day in names_in(stream):
            if day.startswith("day="):
                yield from names_in(stream / day)


def _stamp_text(name: str) -> str:
    """Return when a batch was fetched, or any file set aside; nothing of others."""
    if name.endswith(".parquet"):
        return name.partition("-")[0]
    return name.removesuffix(".damaged").rpartition(".")[2] if name.endswith(".damaged") else ""


def _stamp(text: str) -> datetime:
    return datetime.strptime(text, STAMP).replace(tzinfo=UTC)


@contextmanager
def _turn(leases: Path, kind: int, wait_seconds: float) -> Iterator[None]:
    leases.mkdir(parents=True, exist_ok=True)
    file = leases / "commits.lock"
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, kind, file, wait_seconds)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int, file: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise LeaseBusy(
                    f"landing: a process has held {file} for {wait_seconds:g} s, for what takes "
                    f"milliseconds: it is frozen. `fuser {file}` names it; end it, then run again"
                ) from None
            time.sleep(_POLL_SECONDS)
