"""Make the sandbox company up to last night, or move the one that is there on to last night.

Run as `python -m umlauf.local.make_sandbox HOME SCALE`.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from umlauf.local.night import last_night
from umlauf.settings import load_settings


def main(home: Path, scale: float) -> None:
    """Bring the company's clock to the morning after the last night."""
    from umlauf.sandbox.clock import advance, read_clock
    from umlauf.sandbox.company import make

    settings = load_settings()
    night = last_night(datetime.now(UTC), settings.zone)
    if not (settings.sandbox / "company.sqlite").exists():
        make(home, scale=scale, end=night)
    morning = night + timedelta(days=1)
    behind = nights_behind(read_clock(home).astimezone(settings.zone).date(), morning)
    if behind > 0:
        advance(home, behind)


def nights_behind(clock: date, today: date) -> int:
    """Return by how many days the company must move on; it never moves back."""
    return max(0, (today - clock).days)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
