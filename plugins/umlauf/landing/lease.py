"""One at a time: leases with a fencing token.

A lease is an exclusive lock on `<home>/leases/<name>.lock`. The kernel frees it when its owner
dies, however it dies. Each owner writes a token one higher than the last; `check` refuses the
commit of an owner whose token is no longer the newest.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from umlauf.errors import LeaseBusy, LeaseLost

# Of whoever builds in the warehouse file, reads it, or publishes; others are land_<source>.
WAREHOUSE_LEASE = "warehouse"
_POLL_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Lease:
    """The right to write, until `token` is no longer the newest.

    A child process that inherits `descriptor` keeps the lease for as long as it lives.
    """

    file: Path
    token: int
    descriptor: int

    def check(self) -> None:
        """Raise LeaseLost unless this is still the newest lease, held by the file that is there."""
        newest = _owner(self.file).get("token")
        if newest != self.token:
            raise LeaseLost(
                f"lease {self.file.stem}: ours is number {self.token}, the newest is {newest}; "
                "nothing was committed, run again"
            )
        if not _is_open_as(self.file, self.descriptor):
            raise LeaseLost(
                f"lease {self.file.stem}: somebody removed {self.file} while we held it, and "
                "another run may hold its successor; nothing was committed, run again"
            )


@contextmanager
def hold_lease(folder: Path, name: str, wait_seconds: float) -> Iterator[Lease]:
    """Own the lease `name` while the block runs; wait for another owner at most `wait_seconds`.

    Raises:
        LeaseBusy: still owned after the wait; the message names the owning process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.lock"
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, file, wait_seconds)
        token = int(_owner(file).get("token", 0)) + 1
        os.ftruncate(descriptor, 0)
        owner = {"token": token, "pid": os.getpid(), "since": datetime.now(UTC).isoformat()}
        os.pwrite(descriptor, json.dumps(owner).encode(), 0)
        os.fsync(descriptor)
        yield Lease(file=file, token=token, descriptor=descriptor)
    finally:
        os.close(descriptor)


def leases_held(folder: Path) -> Iterator[tuple[str, int, datetime | None]]:
    """Yield the name of each lease that is owned now, its owner's process and since when."""
    for file in sorted(folder.glob("*.lock")):
        descriptor = os.open(file, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(file)
            if "pid" in owner:  # commits.lock has no owner: many hold it, for a moment
                since = owner.get("since")
                yield file.stem, owner["pid"], datetime.fromisoformat(since) if since else None
        finally:
            os.close(descriptor)


def _lock(descriptor: int, file: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise LeaseBusy(
                    f"lease {file.stem}: still owned by process {_owner(file).get('pid')} after "
                    f"{wait_seconds:g} s; let it finish or end it, then run again"
                ) from None
            time.sleep(_POLL_SECONDS)


def _is_open_as(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _owner(file: Path) -> dict[str, Any]:
    try:
        owner: dict[str, Any] = json.loads(file.read_bytes() or b"{}")
    except (OSError, ValueError):
        return {}
    return owner
