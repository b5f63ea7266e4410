"""A bank's drop folder, and what has landed from it."""

import json
import os
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from umlauf.landing.batch import SCHEMA
from umlauf.landing.land import land_day
from umlauf.sources.bank import SOURCE
from umlauf.spec import Connection
from umlauf.storage.parquet import read_rows

DAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 6, 4, 30, tzinfo=UTC)


class Bank:
    """Puts files, lands them, and reads back what has landed by means of its own."""

    def __init__(self, settings, inbox, clock):
        self.settings, self.inbox, self.clock = settings, inbox, clock
        self.root = settings.landing_root / "bank"
        self.connection = Connection(conn_id="bank_default", url=inbox.as_uri())
        inbox.mkdir()

    def put(self, name, content, *, age=timedelta(hours=1)):
        file = self.inbox / name
        file.write_bytes(content)
        os.utime(file, ((NOW - age).timestamp(),) * 2)
        return file

    def land(self, connection=None):
        return land_day(SOURCE, DAY, self.settings, connection or self.connection, clock=self.clock)

    def batches(self, stream):
        return sorted(self.root.glob(f"{stream}/day=*/*.parquet"))

    def rows(self, stream):
        tables = [read_rows(file) for file in self.batches(stream)]
        return pa.concat_tables([SCHEMA.empty_table(), *tables]).to_pylist()

    def payloads(self, stream):
        return [json.loads(row["payload"]) for row in self.rows(stream)]

    def known(self, stream, known_on=None):
        """Return the newest live payload by key, as known then."""
        rows = sorted(self.rows(stream), key=lambda row: (row["fetched_at"], row["record_version"]))
        known = (row for row in rows if known_on is None or row["fetched_at"] <= known_on)
        newest = {row["record_key"]: row for row in known}
        return {key: row["payload"] for key, row in newest.items() if not row["is_deleted"]}


@pytest.fixture
def new_bank(settings, tmp_path, ticking_clock):
    """Return a maker of banks, each with a home of its own."""

    def make(name):
        inbox = tmp_path / f"inbox-{name}"
        home = settings.model_copy(update={"home": tmp_path / f"var-{name}"})
        return Bank(home, inbox, ticking_clock(NOW))

    return make


@pytest.fixture
def bank(new_bank):
    return new_bank("one")
