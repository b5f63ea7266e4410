"""Where files are picked up: what a place gives, and which of its files are ready to be read."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from umlauf.errors import ConfigError
from umlauf.spec import Connection, Limits
from umlauf.transport.place import FOLDER, kind_of

log = logging.getLogger(__name__)

UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp", "~")
SETTLE_SECONDS = 1.5
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
EMPTY_DEADLINE = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """One file at a place; `modified_at` is aware UTC, by the clock of the place."""

    name: str
    size: int
    modified_at: datetime


class Pickup(Protocol):
    """A place that files are picked up from; they are never moved or deleted there."""

    place: str

    def list(self) -> list[FoundFile]:
        """Return the regular files, by name; unfinished and hidden ones are left out."""

    def read(self, file: FoundFile) -> Iterator[bytes]:
        """Yield the file's bytes; SourceUnavailable when it is gone or shrank meanwhile."""

    def close(self) -> None:
        """Release sockets."""


def pickups_of(connection: Connection, limits: Limits) -> Iterator[Pickup]:
    """Yield the places of a connection, one at a time, and close each behind its use.

    The URL names the first (`file:///drop/bank`, `sftp://host:22/out`); extra `places` may list
    more, each with url, login, password and the extras of its kind.

    Raises:
        ConfigError: no place, or one of a kind we do not know.
    """
    places = list(_places(connection))
    if not places:
        raise ConfigError(f"connection {connection.conn_id!r}: no url; expected file:// or sftp://")
    for place in places:
        pickup = _open(place, limits)
        try:
            yield pickup
        finally:
            pickup.close()


def ready_files(
    pickup: Pickup,
    is_known: Callable[[FoundFile], bool],
    now: datetime,
    *,
    settle_seconds: float = SETTLE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> list[FoundFile]:
    """Return the new files that nobody is writing any more; the others wait for the next run.

    A file touched within the last minute must have the same size and stamp `settle_seconds` later.
    An empty file waits 24 hours for its content, then it is given out to be rejected.
    """
    found = [file for file in pickup.list() if not is_known(file)]
    if any(_is_fresh(file, now) for file in found):
        sleep(settle_seconds)
        seen_again = set(pickup.list())
    else:
        seen_again = set(found)
    ready = []
    for file in found:
        if file not in seen_again:
            log.warning("%s: %r is still being written; it waits", pickup.place, file.name)
        elif file.size == 0 and now - file.modified_at < EMPTY_DEADLINE:
            log.warning("%s: %r is empty; it waits for its content", pickup.place, file.name)
        else:
            ready.append(file)
    return ready


def is_offered(name: str) -> bool:
    """Tell whether a file's name says that it is complete and meant for us."""
    return not name.startswith(".") and not name.lower().endswith(UNFINISHED)


def stamp(seconds: float) -> datetime:
    """Return a file's time stamp to the second, which all servers keep; in bounds of a calendar."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        return _FIRST if seconds < 0 else _LAST


def _is_fresh(file: FoundFile, now: datetime) -> bool:
    return file.modified_at > now - timedelta(minutes=1)


def _places(connection: Connection) -> Iterator[Connection]:
    if connection.url:
        yield connection
    more: Any = connection.extra.get("places") or []
    if not isinstance(more, list) or not all(isinstance(item, Mapping) for item in more):
        raise ConfigError(
            f"connection {connection.conn_id!r}: extra `places` must be a list of objects"
        )
    for item in more:
        yield Connection(
            conn_id=connection.conn_id,
            url=str(item.get("url", "")),
            login=str(item.get("login", "")),
            password=str(item.get("password", "")),
            extra=item,
        )


def _open(connection: Connection, limits: Limits) -> Pickup:
    if kind_of(connection) == FOLDER:
        from umlauf.transport.folder import FolderPickup  # needs FoundFile from here

        return FolderPickup(connection)
    from umlauf.transport.sftp import SftpPickup

    return SftpPickup(connection, limits)
