"""The sandbox's clock: systems show the state at it, and bank files arrive as it passes.

The clock is a row in the store's meta table, ms UTC. Nothing here looks at the host's time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from umlauf.sandbox.inbox import drop_bank_files
from umlauf.sandbox.stamps import at, business_day
from umlauf.sandbox.store import open_store

MORNING, DAYS_AHEAD = 4.5, 90


def read_clock(home: Path) -> datetime:
    """Return the sandbox's present moment, UTC.

    Raises:
        FileNotFoundError: no company was made here yet.
    """
    with closing(open_store(home)) as store:
        return datetime.fromtimestamp(_meta(store, "clock") / 1000, UTC)


def advance(home: Path, days: int = 1) -> datetime:
    """Move the clock on by whole days, to 04:30 Berlin, and drop the bank's new files.

    Raises:
        ValueError: the simulated future ends before that day.
    """
    with closing(open_store(home)) as store:
        before = business_day(_meta(store, "clock"))
        left = date.fromisoformat(_meta(store, "end")).toordinal() + 1 + DAYS_AHEAD - before
        if not 1 <= days <= left:
            raise ValueError(f"the sandbox can move on by 1 to {left} days, not by {days}")
        with store:
            now = at(before + days, MORNING)
            store.execute("update meta set value = ? where key = 'clock'", (now,))
    drop_bank_files(home)
    return read_clock(home)


def _meta(store: sqlite3.Connection, key: str) -> Any:
    row = store.execute("select value from meta where key = ?", (key,)).fetchone()
    return row[0]
