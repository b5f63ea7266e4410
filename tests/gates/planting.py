"""Defects as a source would show them: versions in the sandbox's store, words in the bank's files.

What is planted has the stamp of an edit in the evening before the night, so that it lands as any
other news, and the source's own reports are made of it as well.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from umlauf.sandbox.clock import advance
from umlauf.sandbox.inbox import clear_inbox, drop_bank_files
from umlauf.sandbox.stamps import HOUR, iso, odoo_stamp
from umlauf.sandbox.store import open_store

_SHOWN = """
    select id, payload from record r where object = ? and visible_from <= ? and archived_at is null
    and payload is not null and not exists (
        select 1 from record n where n.object = r.object and n.id = r.id
        and n.visible_from > r.visible_from and n.visible_from <= ?
    ) order by id desc
"""


class Garden:
    """The store of one company, to plant in; no record is taken twice."""

    def __init__(self, company: Path) -> None:
        self.company = company
        self.taken: set[tuple[str, str]] = set()
        with closing(open_store(company)) as store:
            (self.now,) = store.execute("select value from meta where key = 'clock'").fetchone()
        # Of the business day that is over: what is said later is not of this night's marts.
        self.moment = self.now - 8 * HOUR

    def shown(self, kind):
        """Return the records of an object or model at the clock, the newest first."""
        with closing(open_store(self.company)) as store:
            rows = store.execute(_SHOWN, (kind, self.now, self.now)).fetchall()
        return [json.loads(payload) for _, payload in rows]

    def pick(self, kind, fits=lambda record: True):
        """Return the newest record that fits and nothing was planted in."""
        for record in self.shown(kind):
            place = (kind, str(record.get("id") or record["from"]["id"]))
            if place not in self.taken and fits(record):
                self.taken.add(place)
                return record
        raise LookupError(f"no {kind} to plant this in")

    def write(self, kind, record, *, key=None):
        """Show a version of a record from an hour before the night on; return its key."""
        key = key or record.get("id") or record["from"]["id"]
        _stamp(record, self.moment)
        with closing(open_store(self.company)) as store, store:
            store.execute(
                "insert into record values (?, ?, ?, ?, null, ?)",
                (kind, int(key), self.now - HOUR, self.moment, json.dumps(record)),
            )
        return str(key)

    def add(self, kind, record):
        """Show a copy of a record under a new key."""
        with closing(open_store(self.company)) as store:
            sql = "select max(id) from record where object = ?"
            key = store.execute(sql, (kind,)).fetchone()[0] + 1_000_000
        record = record | {"id": type(record["id"])(key)}
        if "properties" in record:
            record["properties"] = record["properties"] | {"hs_object_id": str(key)}
        return self.write(kind, record)

    def remove(self, kind, key):
        """Delete a record as Odoo's unlink does."""
        with closing(open_store(self.company)) as store, store:
            store.execute(
                "insert into record values (?, ?, ?, ?, null, null)",
                (kind, int(key), self.now - HOUR, self.moment),
            )

    def sleep(self):
        """Let one more day go by before the night."""
        advance(self.company)

    def file(self, account):
        """Return name and text of the newest bank file of an account, by its currency's end."""
        with closing(open_store(self.company)) as store:
            name, content = _newest_file(store, account, self.now)
        if ("bank", name) in self.taken:
            raise LookupError(f"{name} is taken")
        self.taken.add(("bank", name))
        return name, content

    def rewrite(self, name, content, *, new_name=None):
        """Let a bank file say something else, or be there under another name, or not (None)."""
        with closing(open_store(self.company)) as store, store:
            if content is None:
                store.execute("delete from bank_file where name = ?", (name,))
            else:
                store.execute(
                    "update bank_file set content = ?, name = ? where name = ?",
                    (content, new_name or name, name),
                )
        clear_inbox(self.company)
        drop_bank_files(self.company)


def _newest_file(store: sqlite3.Connection, account, now):
    return store.execute(
        "select name, content from bank_file where account like ? and visible_from <= ? "
        "order by visible_from desc, name limit 1",
        (f"{account}%", now),
    ).fetchone()


def _stamp(record, moment):
    if "properties" in record:
        name = "hs_lastmodifieddate"
        name = name if name in record["properties"] else "lastmodifieddate"
        record["properties"] = record["properties"] | {name: iso(moment)}
        record["updatedAt"] = iso(moment)
    elif "write_date" in record:
        record["write_date"] = odoo_stamp(moment)
