"""Make the sandbox company up to last night, or move the one that is there on to last night.

Run as `python -m umlauf.local.make_sandbox HOME SCALE`.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from umlauf.landing.windows import business_day
from umlauf.settings import load_settings


def main(home: Path, scale: float) -> None:
    """Bring the company's clock to the morning after the last complete business day."""
    from umlauf.sandbox.clock import advance, read_clock
    from umlauf.sandbox.company import make

    settings = load_settings()
    today = datetime.now(UTC).astimezone(settings.zone).date()
    if not (settings.sandbox / "company.sqlite").exists():
        make(home, scale=scale, end=business_day(datetime.now(UTC), settings.zone))
    behind = nights_behind(read_clock(home).astimezone(settings.zone).date(), today)
    if behind > 0:
        advance(home, behind)


def nights_behind(clock: date, today: date) -> int:
    """Return by how many days the company must move on; it never moves back."""
    return max(0, (today - clock).days)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
