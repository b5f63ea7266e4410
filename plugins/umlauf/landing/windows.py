"""Which window a night reads: decided from landed files alone, never from a stored cursor."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from umlauf.errors import ConfigError
from umlauf.landing.batch import BatchAbout, batch_files, read_about
from umlauf.spec import Window
from umlauf.storage.bucket_path import AnyPath

# When the night of a business day begins, after its midnight, in the company's wall time. 04:30 is
# there once on every day of the year, the nights of the clock change included.
NIGHT = time(4, 30)
# What has not landed by then, before people come in, is late: an outage of an hour has ended.
DEADLINE = time(7)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the business day as half-open UTC bounds: 23, 24 or 25 hours."""
    start = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    return start, end


def business_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the last business day that was over at `moment` (aware)."""
    return moment.astimezone(zone).date() - timedelta(days=1)


def due_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the last business day that should have landed by `moment` (aware)."""
    is_due = moment.astimezone(zone).time() >= DEADLINE
    return business_day(moment, zone) - timedelta(days=0 if is_due else 1)


def covered_until(root: AnyPath, source: str, stream: str) -> datetime | None:
    """Return the end of the stream's newest completely landed window, or None."""
    for file in batch_files(root, source, stream):
        about = read_about(file)
        if about.is_complete and about.kind == "records":
            return about.window_end
    return None


def cut_off_day(root: AnyPath, source: str, stream: str) -> date | None:
    """Return the business day whose window was the last to be read and was cut off, or None."""
    for file in batch_files(root, source, stream):
        about = read_about(file)
        if about.kind == "records":
            return None if about.is_complete else about.day
    return None


def plan_window(
    day: date,
    *,
    start: datetime,
    covered: datetime | None,
    lookback: timedelta,
    zone: ZoneInfo,
    now: datetime,
    first: date | None = None,
) -> Window:
    """Return the window that brings a stream up to the end of `day`, and reads from `first` on.

    The first window reaches back to `start`, one after an outage to the last landed one, any
    other over its own day; all reach `lookback` further, for rows that became visible late.
    The newest window is open above (docs/decisions/0002).

    Raises:
        ConfigError: the day is not over yet.
    """
    day_end = day_bounds(day, zone)[1]
    if day_end > now:
        raise ConfigError(
            f"day {day}: it ends at {day_end:%Y-%m-%d %H:%M} UTC in {zone.key}, it is now "
            f"{now:%Y-%m-%d %H:%M}; a day is landed once it is over"
        )
    if covered is None:
        return Window(start=start, end=day_end, is_full=True, is_open=True)
    return Window(
        start=max(start, min(day_bounds(first or day, zone)[0], covered) - lookback),
        end=day_end,
        is_open=day >= business_day(now, zone),
    )


def landed_parts(
    root: AnyPath, source: str, stream: str, day: date, window: Window
) -> list[BatchAbout]:
    """Return the record batches already landed of exactly this window, in order."""
    files = (root / source / stream / f"day={day.isoformat()}").glob("*.parquet")
    abouts = (read_about(file) for file in files)
    return sorted(
        (
            about
            for about in abouts
            if about.kind == "records"
            and about.window_start == window.start
            and about.window_end == window.end
            and about.is_full == window.is_full
        ),
        key=lambda about: (about.fetched_at, about.part),
    )
