"""A status as lines of a name and a text: on the screen and on the page of operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from umlauf.health.disk import Disk
from umlauf.health.reach import Reach
from umlauf.health.status import Status


def status_lines(found: Status, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield all but what is wrong, times in `zone`."""

    def when(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "never"

    def reached(reach: Reach) -> str:
        if reach.age_seconds is None:
            return "not all of its streams have landed"
        return (
            f"complete up to {when(reach.covered_until)}, {reach.age_seconds / 3600:,.0f} h ago; "
            f"last window since {when(reach.window_start)}, landed {when(reach.landed_at)}"
        )

    if found.build_id:
        yield "published", f"{found.build_id}, {when(found.published_at)}"
        yield "as of", f"{found.as_of}, known on {when(found.known_on)}"
        took = f", dbt took {found.build_seconds:,.0f} s" if found.build_seconds else ""
        yield "last build", f"{found.marts} marts, {found.rows:,} rows{took}"
        yield "gates", _gates(found.checks)
    for reach in found.sources:
        yield reach.source, reached(reach)
    waiting = (
        f"{one.source} {one.rows:,} rows in {one.files:,} files since {when(one.since)}"
        for one in found.queue
    )
    yield "queue", "; ".join(waiting) or "nothing waits to be built"
    yield "disk", _disk(found.disk)


def _gates(checks: Mapping[str, int]) -> str:
    broken = [f"{count:,} of severity {name}" for name, count in checks.items() if name != "held"]
    held = f"{checks.get('held', 0):,} checks held"
    return f"{held}, not {', '.join(broken)}" if broken else held


def _disk(disk: Disk) -> str:
    shown = {
        name: f"{size / 1e9:,.1f} GB" if size >= 10**9 else f"{size / 1e6:,.0f} MB"
        for name, size in asdict(disk).items()
        if size is not None
    }
    free = [f"{shown['free_for_marts']} for marts"]
    if disk.free_for_landing is not None:
        free.insert(0, f"{shown['free_for_landing']} for landing")
    return (
        f"landing {shown['landing']}, warehouse {shown['warehouse']}, snapshot "
        f"{shown['snapshot']}, those kept {shown['kept_snapshots']} more; free "
        f"{', '.join(free)}"
    )
