"""The version store: every state every record ever had, in one SQLite file.

At the clock a system shows the newest version of a record with `visible_from` <= clock; one without
a payload says that Odoo deleted the record, one with `archived_at` that HubSpot archived it.
`modified_at` is the system's own stamp; a row that shows up late has a `visible_from` hours after
it. Odoo's models have a dot in their name, HubSpot's objects none. All stamps are ms UTC.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

FORMAT = 2
SCHEMA = f"""
pragma user_version = {FORMAT};
create table record (
    object text not null,
    id integer not null,
    visible_from integer not null,
    modified_at integer not null,
    archived_at integer,
    payload text
);
create table bank_file (
    account text not null,
    name text not null,
    visible_from integer not null,
    content blob not null,
    channel text not null
);
create table meta (key text primary key, value not null);
"""
INDEXES = """
create unique index record_version on record (object, id, visible_from);
create index record_modified on record (object, modified_at, id);
create unique index bank_file_version on bank_file (channel, name, visible_from);
"""
INSERT = "insert into record values (?, ?, ?, ?, ?, cast(? as text))"
CHUNK = 1_000  # rows that fit the processor's cache on their way to SQLite

# object and id
Place = tuple[str, int]


def store_file(home: Path) -> Path:
    """Return where the sandbox below this home keeps its versions."""
    return home / "sandbox" / "company.sqlite"


def open_store(home: Path) -> sqlite3.Connection:
    """Open an existing store.

    Raises:
        FileNotFoundError: no company was made here yet, or another version of Umlauf made it.
    """
    path = store_file(home)
    if not path.exists():
        raise FileNotFoundError(f"no sandbox company at {path}; run `umlauf sandbox make` first")
    store = sqlite3.connect(path, timeout=30)
    if store.execute("pragma user_version").fetchone()[0] != FORMAT:
        store.close()
        raise FileNotFoundError(
            f"the sandbox company at {path} was made by another version of Umlauf; "
            "run `umlauf sandbox make` again"
        )
    return store


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
            "pragma cache_size=-16384; pragma temp_store=memory;"
        )
        self.database.executescript(SCHEMA)
        self.database.execute("begin")
        self.rows: list[tuple[str, int, int, int, int | None, bytes | None]] = []
        self.versions = 0

    def put(
        self,
        records: Mapping[Place, Any],
        shown: int,
        modified: int,
        archived: int | None = None,
    ) -> None:
        """Add a version of each record, as it is now."""
        encode = orjson.dumps
        self.rows += [
            (name, key, shown, modified, archived, encode(record))
            for (name, key), record in records.items()
        ]
        if len(self.rows) >= CHUNK:
            self._flush()

    def remove(self, places: Iterable[Place], shown: int) -> None:
        """End records as Odoo's unlink does."""
        self.rows += [(name, key, shown, shown, None, None) for name, key in places]

    def add_file(self, account: str, name: str, visible: int, content: bytes, channel: str) -> None:
        """Add one bank file."""
        self.database.execute(
            "insert into bank_file values (?, ?, ?, ?, ?)",
            (account, name, visible, content, channel),
        )

    def close(self, meta: Mapping[str, str | int | float]) -> None:
        """Write what is left, index, and give the file its name."""
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
