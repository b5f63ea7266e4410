"""One source's turn: what is landed, with what, under which lease, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from umlauf.landing.lease import Lease
from umlauf.landing.windows import covered_until, plan_window
from umlauf.settings import Settings
from umlauf.spec import Connection, Source, Stream, Window

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the host's time; only fetched_at and "is the day over" use it, never a cursor."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One source's turn.

    `clock` tells the host's time, `stamp` the moment of fetching, which only grows. `begun` decides
    which day is the newest: a run that crosses midnight treats its last stream like its first.
    The days from `first` to `day` are one window; without it `day` is the only one.
    """

    source: Source
    day: date
    settings: Settings
    lease: Lease
    begun: datetime
    clock: Clock
    stamp: Clock
    connection: Connection
    streams: tuple[Stream, ...] = field(default=())
    is_full: bool = False
    first: date | None = None

    def window(self, stream: Stream) -> Window:
        """Return the stream's window for this day."""
        root = self.settings.landing_root
        return plan_window(
            self.day,
            start=self.source.start,
            covered=None if self.is_full else covered_until(root, self.source.name, stream.name),
            lookback=timedelta(hours=self.settings.source(self.source.name).lookback_hours),
            zone=self.settings.zone,
            now=self.begun,
            first=self.first,
        )


@dataclass(frozen=True, kw_only=True)
class StreamReport:
    """What one run did to one window of one stream; `missed` of its rows came by census."""

    stream: str
    window_start: datetime
    window_end: datetime
    rows: int = 0
    missed: int = 0
    deleted: int = 0
    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class LandReport:
    """What one run did to one source."""

    source: str
    day: date
    streams: tuple[StreamReport, ...]

    @property
    def rows(self) -> int:
        """Rows landed over all streams."""
        return sum(stream.rows for stream in self.streams)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        plain = asdict(self)
        plain["day"] = self.day.isoformat()
        for stream in plain["streams"]:
            for bound in ("window_start", "window_end"):
                stream[bound] = stream[bound].isoformat()
        return plain
