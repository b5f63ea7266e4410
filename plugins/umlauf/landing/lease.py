"""One at a time: leases with a fencing token.

A lease is an exclusive lock on `<home>/leases/<name>.lock`. The kernel frees it when its owner
dies, however it dies; a file server when the owner's machine does. Each owner writes a token one
higher than the last; `check` refuses the commit of an owner whose token is no longer the newest.
Where locks do not keep others out nobody gets a lease (docs/decisions/0077).
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from umlauf.errors import ConfigError, LeaseBusy, LeaseLost
from umlauf.landing.reach import why_only_here

# Of whoever builds in the warehouse file, reads it, or publishes; others are land_<source>.
WAREHOUSE_LEASE = "warehouse"
SPARK_LEASE = "spark"
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
        if not _is_open_as(self.file, self.descriptor):
            raise LeaseLost(
                f"lease {self.file.stem}: somebody removed {self.file} while we held it, and "
                "another run may hold its successor; nothing more is committed, run again"
            )
        newest = _owner(self.file).get("token")
        if newest != self.token:
            raise LeaseLost(
                f"lease {self.file.stem}: ours is number {self.token}, the newest is {newest}; "
                "nothing more is committed, run again"
            )


@contextmanager
def hold_lease(folder: Path, name: str, wait_seconds: float) -> Iterator[Lease]:
    """Own the lease `name` while the block runs; wait for another owner at most `wait_seconds`.

    Raises:
        LeaseBusy: still owned after the wait; the message names the owning process.
        LeaseLost: the block missed a file, and a newer owner has taken over.
        ConfigError: locks mean nothing on this file system, or nothing to the machine that owned
            the lease last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.lock"
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, file, wait_seconds)
        last = _owner(file)
        _require_exclusion(file, last.get("host"))
        token = int(last.get("token", 0)) + 1
        os.ftruncate(descriptor, 0)
        owner = {
            "token": token,
            "pid": os.getpid(),
            "host": this_machine(),
            "since": datetime.now(UTC).isoformat(),
        }
        os.pwrite(descriptor, json.dumps(owner).encode(), 0)
        os.fsync(descriptor)
        lease = Lease(file=file, token=token, descriptor=descriptor)
        try:
            yield lease
        except FileNotFoundError:
            lease.check()  # a newer owner sweeps away what an older one had half written
            raise
    finally:
        os.close(descriptor)


def this_machine() -> str:
    """Return the name by which a lease knows this machine; no socket is asked for it."""
    return os.uname().nodename


class Held(NamedTuple):
    """A lease that is owned now: by which process, of which machine, since when (aware UTC)."""

    name: str
    pid: int
    host: str
    since: datetime | None

    @property
    def owner(self) -> str:
        """The owner in words, with its machine unless that is this one."""
        return _in_words({"pid": self.pid, "host": self.host})


def leases_held(folder: Path) -> Iterator[Held]:
    """Yield each lease that is owned now."""
    for file in sorted(folder.glob("*.lock")):
        descriptor = os.open(file, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(file)
            if "pid" in owner:  # commits.lock has no owner: many hold it, for a moment
                since = owner.get("since")
                yield Held(
                    name=file.stem,
                    pid=owner["pid"],
                    host=owner.get("host") or this_machine(),
                    since=datetime.fromisoformat(since) if since else None,
                )
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
                    f"lease {file.stem}: still owned by {_in_words(_owner(file))} after "
                    f"{wait_seconds:g} s; let it finish or end it, then run again"
                ) from None
            time.sleep(_POLL_SECONDS)
        except OSError as error:
            raise ConfigError(
                f"lease {file.stem}: {file} cannot be locked ({error.strerror}); have UMLAUF_HOME "
                "on a disk of this machine, or on NFS of version 4"
            ) from error


def _require_exclusion(file: Path, last_host: str | None) -> None:
    """The caller has locked `file`: nobody else may be able to, on this machine or the last one."""
    second = os.open(file, os.O_RDWR)
    try:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        raise ConfigError(
            f"lease {file.stem}: {file} can be locked twice at once, so its file system keeps "
            "nobody out; have UMLAUF_HOME on a disk of this machine, or on NFS of version 4"
        )
    finally:
        os.close(second)
    if last_host in (None, this_machine()):
        return
    if reason := why_only_here(file):
        raise ConfigError(
            f"lease {file.stem}: {last_host} owned it last, and locks on {file} would not keep "
            f"that machine out: {reason}. Run on {last_host} alone, or share UMLAUF_HOME by NFS "
            f"of version 4; once {last_host} is gone for good, remove {file}"
        )


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


def _in_words(owner: Mapping[str, Any]) -> str:
    is_here = owner.get("host") in (None, this_machine())
    return f"process {owner.get('pid')}" + ("" if is_here else f" on {owner['host']}")
