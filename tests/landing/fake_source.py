"""A source whose records live in a dict: what landing sees of any system, without a socket."""

from datetime import UTC, datetime

from umlauf.errors import SourceUnavailable
from umlauf.landing.batch import batch_files
from umlauf.spec import Connection, Keys, Page, Source, Stream, Tally
from umlauf.storage.parquet import read_rows

CONNECTION = Connection(conn_id="fake")


class FakeClient:
    """Serves `things` (key to stamp) in pages of two, by key behind `after`.

    `late` ones are there, but no window shows them, as if their stamps were older than they are.
    """

    def __init__(self, things, fail_after=None, late=()):
        self.things, self.fail_after, self.late = things, fail_after, late
        self.asked, self.censuses = [], 0

    def pages(self, stream, window, after):
        self.asked.append((window, after))
        keys = sorted(
            key
            for key, stamp in self.things.items()
            if (window.is_full or stamp >= window.start)
            and (window.is_open or stamp < window.end)
            and (after is None or key > after)
            and key not in self.late
        )
        for start in range(0, len(keys), 2):
            if self.fail_after is not None and start >= self.fail_after:
                raise SourceUnavailable("fake.things: gave up")
            yield self.page(keys[start : start + 2])

    def tally(self, stream):
        return Tally(total=len(self.things), newest=max(self.things.values(), default=None))

    def census(self, stream):
        self.censuses += 1
        for key, stamp in self.things.items():
            yield Keys(keys=[key], versions=[stamp])

    def records(self, stream, wanted):
        yield self.page([key for key in wanted.keys if key in self.things])

    def page(self, keys):
        return Page(
            keys=keys,
            versions=[self.things[key] for key in keys],
            payloads=[f'{{"id": "{key}", "price": 1.10}}' for key in keys],
            after=keys[-1] if keys else None,
        )

    def close(self):
        pass


def fake_source(client, census=True):
    return Source(
        name="fake",
        conn_id="fake",
        start=datetime(2026, 1, 1, tzinfo=UTC),
        owner="tests",
        connect=lambda connection, limits: client,
        streams=(Stream(name="things", path="things", census=census),),
    )


def landed_rows(settings, source="fake", stream="things"):
    files = batch_files(settings.landing_root, source, stream)
    return [row for file in files for row in read_rows(file).to_pylist()]


def live(settings, source="fake", stream="things"):
    """Return what exists by what has landed: key to stamp of the last row fetched of each."""
    rows = sorted(landed_rows(settings, source, stream), key=lambda row: row["fetched_at"])
    last = {row["record_key"]: row for row in rows}
    return {
        key: row["record_version"].replace(tzinfo=UTC)
        for key, row in sorted(last.items())
        if not row["is_deleted"]
    }


def at(day, hour=12):
    return datetime(2026, 11, day, hour, tzinfo=UTC)
