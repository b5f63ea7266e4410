"""Stamping batches and counting them take turns, so that a build knows all up to its `known_on`.

A batch is stamped with its moment of fetching, then written, then renamed. Counted in between, it
would be missing from the build's index although its stamp lies before `known_on`: dbt would read
it, the ledger would not know it, and the raw gates would take it for one checked before.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_STAMP_FORMAT = "%Y%m%dT%H%M%S%fZ"  # how `BatchAbout.batch_id` begins
_MICROSECOND = timedelta(microseconds=1)


@contextmanager
def committing(leases: Path) -> Iterator[None]:
    """Hold counting off from a batch's stamp to its rename; many may commit at once."""
    with _turn(leases, fcntl.LOCK_SH):
        yield


@contextmanager
def counting(leases: Path) -> Iterator[None]:
    """Hold commits off, once those under way are done."""
    with _turn(leases, fcntl.LOCK_EX):
        yield


def growing_clock(clock: Callable[[], datetime], root: Path) -> Callable[[], datetime]:
    """Return a clock whose moments lie behind everything landed, each behind the one before.

    The newest version of a record is the one fetched last: a host whose clock was set back must
    not make what it fetches now look older than what has landed, or than what was set aside and is
    read again (umlauf.landing.intact).
    """
    landed = (file.name.partition("-")[0] for file in root.glob("*/*/day=*/*.parquet"))
    aside = (file.stem.rpartition(".")[2] for file in root.glob("*/*/day=*/*.damaged"))
    last = _stamp(max(chain(landed, aside), default=f"{_BEGINNING:{_STAMP_FORMAT}}"))

    def look() -> datetime:
        nonlocal last
        last = max(clock(), last + _MICROSECOND)
        return last

    return look


def _stamp(text: str) -> datetime:
    return datetime.strptime(text, _STAMP_FORMAT).replace(tzinfo=UTC)


@contextmanager
def _turn(leases: Path, kind: int) -> Iterator[None]:
    leases.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(leases / "commits.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)
