"""The version store: every state every record ever had, in one SQLite file.

`visible_from` <= clock < `visible_to` is what a system shows at the clock. `modified_at` is the
system's own stamp; a row that shows up late has a `visible_from` hours after it. A record that
Odoo deleted has no later version; one that HubSpot archived has a last version with `archived_at`.
All stamps are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`, which sorts as time does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from umlauf.sandbox.stamps import iso

SCHEMA = """
create table record (
    system text not null,
    object text not null,
    id integer not null,
    visible_from text not null,
    visible_to text,
    modified_at text not null,
    archived_at text,
    payload text not null
);
create table bank_file (
    account text not null,
    name text not null,
    visible_from text not null,
    content blob not null,
    channel text not null
);
create table meta (key text primary key, value text not null);
"""
INDEXES = """
create unique index record_version on record (system, object, id, visible_from);
create index record_modified on record (system, object, modified_at, id);
create index bank_file_seen on bank_file (visible_from);
"""
INSERT = "insert into record values (?, ?, ?, ?, ?, ?, ?, ?)"
CHUNK = 20_000


# system, object, id, visible_from, visible_to, modified_at, archived_at, payload
Row = list[str | int | None]
# object and id
Place = tuple[str, int]


def store_file(home: Path) -> Path:
    """Return where the sandbox below this home keeps its versions."""
    return home / "sandbox" / "company.sqlite"


def open_store(home: Path) -> sqlite3.Connection:
    """Open an existing store.

    Raises:
        FileNotFoundError: no company was made here yet.
    """
    path = store_file(home)
    if not path.exists():
        raise FileNotFoundError(f"no sandbox company at {path}; run `umlauf sandbox make` first")
    return sqlite3.connect(path, timeout=30)


class Writer:
    """Writes a whole store in one go; it appears under its name only once `close` has run."""

    def __init__(self, home: Path) -> None:
        self.path = store_file(home)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.partial = self.path.with_suffix(".partial")
        self.partial.unlink(missing_ok=True)
        self.database = sqlite3.connect(self.partial, isolation_level=None)
        self.database.executescript(
            "pragma page_size=32768; pragma journal_mode=off; pragma synchronous=off;"
            "pragma cache_size=-65536; pragma temp_store=memory;"
        )
        self.database.executescript(SCHEMA)
        self.database.execute("begin")
        self.live: dict[Place, Row] = {}
        self.rows: list[Row] = []
        self.versions = 0

    def last_shown(self, places: Iterable[Place]) -> str:
        """Return when the last of the newest versions of these records shows up; "" for none."""
        live = self.live
        return max((str(live[place][3]) for place in places if place in live), default="")

    def put(self, records: Mapping[Place, Any], shown: str, modified: str) -> None:
        """Add a version of each record; the one before it ends where this one starts."""
        live, replaced = self.live, self.rows
        for place, record in records.items():
            before = live.get(place)
            if before is not None:
                before[4] = shown
                replaced.append(before)
            name, key = place
            payload = orjson.dumps(record).decode()
            system = "odoo" if "." in name else "hubspot"
            live[place] = [system, name, key, shown, None, modified, None, payload]
        if len(replaced) >= CHUNK:
            self._flush()

    def archive(self, place: Place, at: str) -> None:
        """Mark the newest version of a record as archived, as HubSpot does."""
        self.live[place][6] = at

    def remove(self, place: Place, shown: str) -> None:
        """End a record as Odoo's unlink does."""
        before = self.live.pop(place, None)
        if before is not None:
            before[4] = shown
            self.rows.append(before)

    def add_file(self, account: str, name: str, visible: int, content: bytes, channel: str) -> None:
        """Add one bank file."""
        self.database.execute(
            "insert into bank_file values (?, ?, ?, ?, ?)",
            (account, name, iso(visible), content, channel),
        )

    def close(self, meta: dict[str, str]) -> None:
        """Write what is still open, index, and give the file its name."""
        self._flush()
        last = list(self.live.values())
        for start in range(0, len(last), CHUNK):
            self.rows = last[start : start + CHUNK]
            self._flush()
        self.database.executemany("insert into meta values (?, ?)", meta.items())
        self.database.execute("commit")
        self.database.executescript(INDEXES)
        self.database.execute("pragma journal_mode=wal")
        self.database.close()
        for leftover in ("-wal", "-shm"):
            self.path.with_name(self.path.name + leftover).unlink(missing_ok=True)
        self.partial.replace(self.path)

    def _flush(self) -> None:
        self.versions += len(self.rows)
        self.database.executemany(INSERT, self.rows)
        self.rows.clear()
