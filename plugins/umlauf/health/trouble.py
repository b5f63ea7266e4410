"""Something a person should know: what, since when, which marts it concerns, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

RUNBOOK = "docs/runbook.md"
_MOST_TEXT = 500


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One line on the screen and on the morning page.

    `key` names it for as long as it lasts, whatever the words. `since` is aware UTC. `entry` is a
    heading of the runbook. What is not `is_wrong` is told so that nobody forgets it, and asks
    nobody to hurry; of a check that only warns `nights` says how many it has not held in a row.
    """

    key: str
    what: str
    since: datetime | None
    marts: str
    to_do: str
    entry: str
    is_wrong: bool = True
    nights: int = 0

    @property
    def anchor(self) -> str:
        """Where the runbook says more."""
        return f"{RUNBOOK}#{self.entry.lower().replace(' ', '-')}"

    def line(self, zone: ZoneInfo) -> str:
        """Say all of it in one line, times in `zone`."""
        text = " ".join(self.what.split())
        text = text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."
        since = f" Since {self.since.astimezone(zone):%Y-%m-%d %H:%M}." if self.since else ""
        return f"{text}.{since} Affects {self.marts}. To do: {self.to_do} ({self.anchor})"
