"""What a source *is*: plain frozen data and one protocol. No I/O, no Airflow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol


@dataclass(frozen=True, kw_only=True)
class Window:
    """Half-open `[start, end)` on the source's own modified stamp; aware, UTC.

    `is_full`: the first window of a stream, which reads all there is.
    `is_open`: the newest window; it is read without an upper bound, because a record that is
    touched between the window's end and every night's fetch would otherwise never be seen.
    """

    start: datetime
    end: datetime
    is_full: bool = False
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One kind of record, landed as one folder of batches.

    `name` is the folder; `path` the API's own noun (HubSpot object type, Odoo model).
    `version` names the record's modified stamp; snapshots may have none.
    `mode`: "windowed" streams are read by modified stamp; "snapshot" streams whole, every night.
    "report" streams hold what the source itself adds up: `aggregates` per group of `groupby`, read
    whole in one answer, whose newest modified stamp is each group's version; what is no longer in
    it gets a tombstone (docs/decisions/0050).
    `census`: all keys and stamps the source has are compared with those landed, so that what is
    gone gets a tombstone and what no window brought is read (docs/decisions/0005).
    `max_deleted_ratio`: share of its records that may go at once, if the setting allows less.
    `to` makes it an association stream from `path` to that object type.
    `is_erasable`: its records are people's, and can be erased for ever (docs/decisions/0072) unless
    they are `held_by` records that have to be kept: pairs of a stream of the same source and the
    JSON path at which its payloads name such a record.
    """

    name: str
    path: str
    key: str = "id"
    version: str | None = None
    fields: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    to: str | None = None
    mode: Literal["windowed", "snapshot", "report"] = "windowed"
    census: bool = False
    max_deleted_ratio: float = 0.0
    domain: tuple[tuple[str, str, Any], ...] = ()
    groupby: tuple[str, ...] = ()
    aggregates: tuple[str, ...] = ()
    is_erasable: bool = False
    held_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How patient and how fast a client may be; times in seconds."""

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    deadline: float = 120.0
    requests_per_second: float = 8.0
    max_retries: int = 6
    retry_after_ceiling: float = 300.0


@dataclass(frozen=True, kw_only=True)
class Connection:
    """Where a system is and how to log in; never printed with its secrets."""

    conn_id: str
    url: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some records as parallel lists, in the order they came.

    `payloads` are the records' JSON texts, untouched; `versions` are aware UTC stamps.
    `after` is where a resumed read continues; `total`, where the source gives it, its own count of
    this whole read, pages before and to come included, as of this page.
    """

    keys: list[str]
    versions: list[datetime]
    payloads: list[str]
    after: str | None = None
    requests: int = 1
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Some records' keys and modified stamps (aware, UTC), as parallel lists."""

    keys: list[str]
    versions: list[datetime]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The source's own count of a stream's records, and the newest modified stamp among them.

    `listing`: how many requests a census of them takes; None when the client cannot say.
    """

    total: int
    newest: datetime | None = None
    listing: int | None = field(default=None, compare=False)


class Client(Protocol):
    """What landing asks of a connected source; the last three only of streams with `census`."""

    def pages(self, stream: Stream, window: Window, after: str | None) -> Iterator[Page]:
        """Yield the records of `window`, continuing behind `after` when it is given."""

    def tally(self, stream: Stream) -> Tally:
        """Return what the source says of the whole stream, at the price of one request."""

    def census(self, stream: Stream) -> Iterator[Keys]:
        """Yield every key that exists now, with its stamp."""

    def records(self, stream: Stream, wanted: Keys) -> Iterator[Page]:
        """Yield these records of a census; those that are gone meanwhile are left out."""

    def close(self) -> None:
        """Release sockets."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """An upstream system: how to reach it, what to read from it, who answers for it.

    `connect` makes a client for records. A source of files (a bank) has `land` instead, which
    receives the same arguments as `umlauf.landing.land.land_records`.
    """

    name: str
    conn_id: str
    start: datetime
    owner: str
    streams: tuple[Stream, ...]
    connect: Callable[[Connection, Limits], Client] | None = None
    land: Callable[..., Any] | None = None

    def stream(self, name: str) -> Stream:
        """Return the stream called `name`; KeyError names those there are."""
        for stream in self.streams:
            if stream.name == name:
                return stream
        known = ", ".join(stream.name for stream in self.streams)
        raise KeyError(f"{self.name}: no stream {name!r}; it has {known}")
