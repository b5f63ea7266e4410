"""What the simulated systems show now: the versions visible at the sandbox's clock.

Reads the version store only, through one connection that belongs to the server's event loop.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from umlauf.sandbox.store import open_store, store_file

# Of a record `r`: the version shown at the clock, which is the newest there is by then.
VISIBLE = (
    "r.visible_from <= :clock and r.payload is not null and not exists (select 1 from record n "
    "where n.object = r.object and n.id = r.id and n.visible_from > r.visible_from "
    "and n.visible_from <= :clock)"
)
# Bytes, as they go to the client: text would be decoded only to be encoded again.
PAYLOAD = "cast(r.payload as blob)"
MMAP_BYTES = 1 << 30
NARROW = 20_000
EVER = (0, 1 << 62)  # bounds of a stamp that exclude nothing
T = TypeVar("T")


class State:
    """The store as it stands at the clock, which is looked up for every request."""

    def __init__(self, home: Path) -> None:
        self.home, self.path = home, store_file(home)
        self.remembered: dict[Hashable, Any] = {}
        self._open()

    def clock(self) -> int:
        """Return the sandbox's present, ms UTC; reopens a store that was made anew."""
        if self._file_id() != self.file_id:
            self.database.close()
            self.remembered.clear()
            self._open()
        row = self.database.execute("select value from meta where key = 'clock'").fetchone()
        return int(row[0])

    def rows(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a query."""
        return self.database.execute(sql, values).fetchall()

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gave for this store; it runs once per key."""
        if key not in self.remembered:
            self.remembered[key] = make()
        value: T = self.remembered[key]
        return value

    def is_narrow(self, kind: str, since: int, until: int) -> bool:
        """Say whether so few versions have stamps in [since, until) that their index is best."""
        if (since, until) == EVER:
            return False
        sql = (
            "select count(*) from (select 1 from record where object = ? "
            "and modified_at >= ? and modified_at < ? limit ?)"
        )
        return bool(self.rows(sql, (kind, since, until, NARROW + 1))[0][0] <= NARROW)

    def payloads(self, kind: str, limit: int) -> list[bytes]:
        """Return some payloads of a kind of record, of any time: they tell which fields it has."""
        return [
            row[0]
            for row in self.rows(
                "select cast(payload as blob) from record "
                "where object = ? and payload is not null limit ?",
                (kind, limit),
            )
        ]

    def models(self) -> frozenset[str]:
        """Return Odoo's models that the store has records of."""

        def find() -> frozenset[str]:
            # Skips from kind to kind along the index: a plain `distinct` reads every row.
            sql = """with recursive kind (name) as (
                select min(object) from record
                union all
                select (select min(object) from record where object > name)
                from kind where name is not null
            ) select name from kind where name like '%.%'"""
            return frozenset(row[0] for row in self.rows(sql))

        return self.remember("models", find)

    def close(self) -> None:
        """Give the file back."""
        self.database.close()

    def _file_id(self) -> tuple[int, int]:
        about = self.path.stat()
        return about.st_dev, about.st_ino

    def _open(self) -> None:
        open_store(self.home).close()  # says in a sentence that there is no company yet
        self.file_id = self._file_id()
        # The event loop's thread is the only user, but not always the one that opens.
        # Read only, so that closing it after a company was made anew leaves the new files alone.
        self.database = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode=ro", uri=True, timeout=30, check_same_thread=False
        )
        self.database.create_function("folded", 1, _folded, deterministic=True)
        self.database.create_function("like_folded", 2, _like_folded, deterministic=True)
        self.database.create_function("like_exactly", 2, _like_exactly, deterministic=True)
        self.database.execute(f"pragma mmap_size = {MMAP_BYTES}")


def by_stamp(sql: str) -> str:
    """Return a query that is to walk the index of stamps: SQLite takes no index for `+column`."""
    return sql.replace("r.id >", "+r.id >").replace("order by r.id", "order by +r.id")


def _folded(text: object) -> str | None:
    """Return a text without its case: SQLite's own lower() knows ASCII only."""
    return None if text is None else str(text).casefold()


def _like_exactly(pattern: str, text: object) -> bool | None:
    """Say whether a text matches a LIKE pattern, in which % is any text and _ any character."""
    return None if text is None else _compiled(pattern).fullmatch(str(text)) is not None


def _like_folded(pattern: str, text: object) -> bool | None:
    """Say the same whatever the case."""
    return _like_exactly(pattern.casefold(), _folded(text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(one, re.escape(one)) for one in pattern), re.DOTALL)
