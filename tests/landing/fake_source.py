"""A source whose records live in a dict: what landing sees of any system, without a socket."""

from datetime import UTC, datetime

from umlauf.errors import SourceUnavailable
from umlauf.spec import Connection, Page, Source, Stream

CONNECTION = Connection(conn_id="fake")


class FakeClient:
    """Serves `records` (key to stamp) in pages of two, by key behind `after`."""

    def __init__(self, records, fail_after=None):
        self.records, self.fail_after, self.asked = records, fail_after, []

    def pages(self, stream, window, after):
        self.asked.append((window, after))
        keys = sorted(
            key
            for key, stamp in self.records.items()
            if (window.is_full or stamp >= window.start)
            and (window.is_open or stamp < window.end)
            and (after is None or key > after)
        )
        for start in range(0, len(keys), 2):
            if self.fail_after is not None and start >= self.fail_after:
                raise SourceUnavailable("fake.things: gave up")
            some = keys[start : start + 2]
            yield Page(
                keys=some,
                versions=[self.records[key] for key in some],
                payloads=[f'{{"id": "{key}", "price": 1.10}}' for key in some],
                after=some[-1],
            )

    def deletions(self, stream, window):
        return iter(())

    def keys(self, stream):
        yield sorted(self.records)

    def close(self):
        pass


def fake_source(client, deletes="census"):
    return Source(
        name="fake",
        conn_id="fake",
        start=datetime(2026, 1, 1, tzinfo=UTC),
        owner="tests",
        connect=lambda connection, limits: client,
        streams=(Stream(name="things", path="things", deletes=deletes),),
    )


def at(day, hour=12):
    return datetime(2026, 11, day, hour, tzinfo=UTC)
