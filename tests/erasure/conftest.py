"""A source of people, of whom one asks to be forgotten, and all that still tells of her."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source
from umlauf.erasure.run import erase
from umlauf.landing.land import land_day
from umlauf.landing.run import utc_now
from umlauf.settings import Settings
from umlauf.spec import Source, Stream
from umlauf.storage.parquet import read_rows

DAY = date(2026, 11, 22)
EVA = "eva-7731"  # a key found nowhere but in her own record, whose payload holds it as well
WHY = "request 2026-14, article 17"


def ticks():
    """Return a clock of its own that moves on by a second a look."""
    moments = iter(range(10**9))
    return lambda: datetime(2026, 11, 23, 3, 30, tzinfo=UTC) + timedelta(seconds=next(moments))


@dataclass
class People:
    """Lands people and erases them; `things` are those that the source has, with their stamps."""

    settings: Settings
    things: dict[str, datetime]

    @property
    def source(self) -> Source:
        found = fake_source(FakeClient(self.things))
        stream = replace(found.streams[0], is_erasable=True, held_by=(("orders", "$.of[0]"),))
        return replace(found, streams=(stream, Stream(name="orders", path="orders")))

    def land(self, **more):
        chosen = {"clock": ticks(), "streams": ["things"]} | more
        return land_day(self.source, DAY, self.settings, CONNECTION, **chosen)

    def erase(self, *keys, because=WHY, clock=utc_now):
        return erase(self.settings, self.source, "things", keys or (EVA,), because, clock=clock)

    @property
    def root(self) -> Path:
        return self.settings.landing_root

    def batches(self):
        return sorted((self.root / "fake").glob("things/day=*/*.parquet"))

    def rows(self):
        return [row for file in self.batches() for row in read_rows(file).to_pylist()]

    def names(self):
        return sorted({row["record_key"] for row in self.rows()})

    def traces(self, word=EVA):
        """Return the files of home and landing in which the word stands, in Parquet or as it is."""
        places = {*self.settings.home.rglob("*"), *self.root.rglob("*")}
        files = [file for file in places if not isinstance(file, Path) or file.is_file()]
        return [file for file in files if word in _text(file)]


def _text(file):
    if file.suffix == ".parquet":
        rows = pq.read_table(pa.BufferReader(file.read_bytes()))
        return str(rows.to_pylist()) + str(rows.schema.metadata)
    return file.read_bytes().decode(errors="replace")


@pytest.fixture
def people(settings):
    """Three people of whom two versions have landed; Eva's third is a tombstone."""
    found = People(
        settings.model_copy(update={"lease_wait_seconds": 0.5}),
        {EVA: at(20), "tom": at(20), "uma": at(21)},
    )
    found.land()
    found.things[EVA] = found.things["tom"] = at(22)
    found.land()
    del found.things[EVA]
    found.land()
    found.things[EVA] = at(22, 13)
    return found
