"""The sandbox's clock: systems show the state at it, and bank files arrive as it passes.

The clock is a row in the store's meta table, UTC. Nothing here looks at the host's time.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from umlauf.sandbox.stamps import at, business_day, iso, parse_iso
from umlauf.sandbox.store import open_store

MORNING, DAYS_AHEAD = 4.5, 90
FILES = """
select name, content, visible_from from bank_file
where channel = 'folder' and visible_from <= ? order by visible_from, name
"""


def read_clock(home: Path) -> datetime:
    """Return the sandbox's present moment, UTC.

    Raises:
        FileNotFoundError: no company was made here yet.
    """
    with closing(open_store(home)) as store:
        return datetime.fromisoformat(_meta(store, "clock"))


def advance(home: Path, days: int = 1) -> datetime:
    """Move the clock on by whole days, to 04:30 Berlin, and drop the bank's new files.

    Raises:
        ValueError: the simulated future ends before that day.
    """
    with closing(open_store(home)) as store:
        before = business_day(parse_iso(_meta(store, "clock")))
        left = date.fromisoformat(_meta(store, "end")).toordinal() + 1 + DAYS_AHEAD - before
        if not 1 <= days <= left:
            raise ValueError(f"the sandbox can move on by 1 to {left} days, not by {days}")
        with store:
            now = iso(at(before + days, MORNING))
            store.execute("update meta set value = ? where key = 'clock'", (now,))
    deliver(home)
    return read_clock(home)


def deliver(home: Path) -> int:
    """Drop the bank files the clock has reached into the inbox, once each; count the new ones.

    A file appears whole and carries the time at which the bank wrote it.
    """
    inbox = inbox_folder(home)
    inbox.mkdir(parents=True, exist_ok=True)
    there = {path.name for path in inbox.iterdir()}
    dropped = 0
    with closing(open_store(home)) as store:
        for name, content, written in store.execute(FILES, (_meta(store, "clock"),)):
            if name in there:
                continue
            partial = inbox / f".{name}.partial"
            partial.write_bytes(content)
            seconds = parse_iso(written) // 1000
            os.utime(partial, (seconds, seconds))
            partial.replace(inbox / name)
            dropped += 1
    return dropped


def clear_inbox(home: Path) -> None:
    """Take a former company's files out of the inbox."""
    for path in inbox_folder(home).glob("*"):
        path.unlink()


def inbox_folder(home: Path) -> Path:
    """Return the folder the bank drops its files into."""
    return home / "sandbox" / "bank" / "inbox"


def _meta(store: sqlite3.Connection, key: str) -> str:
    row = store.execute("select value from meta where key = ?", (key,)).fetchone()
    return str(row[0])
