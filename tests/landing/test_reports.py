"""What a source adds up itself is landed whole every night, and what it no longer names is gone."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source, landed_rows, live
from umlauf.errors import SourceUnavailable
from umlauf.landing.land import land_day
from umlauf.spec import Stream

REPORT = Stream(name="things_by_kind", path="things", mode="report")


class ReportingClient(FakeClient):
    """Adds its `kinds` (group to newest stamp) up; None: it refuses to."""

    def __init__(self, kinds, **things):
        super().__init__(things)
        self.kinds = kinds

    def pages(self, stream, window, after):
        if stream.mode != "report":
            return super().pages(stream, window, after)
        if self.kinds is None:
            raise SourceUnavailable("fake.things_by_kind: too slow")
        things, self.things = self.things, self.kinds
        page = self.page(list(self.kinds))
        self.things = things
        return iter([page])


@pytest.fixture
def land(settings):
    def land(client, day=21, now=None):
        source = fake_source(client)
        source = replace(source, streams=(REPORT, *source.streams))
        now = now or datetime(2026, 11, day + 1, 4, tzinfo=UTC)
        return land_day(source, date(2026, 11, day), settings, CONNECTION, clock=lambda: now)

    return land


def groups(settings):
    return live(settings, "fake", "things_by_kind")


def test_a_group_that_is_gone_from_the_newest_report_does_not_linger(land, settings):
    land(ReportingClient({"a": at(20), "b": at(20)}))
    land(ReportingClient({"b": at(20), "c": at(22)}), day=22)

    assert groups(settings) == {"b": at(20), "c": at(22)}
    rows = landed_rows(settings, stream="things_by_kind")
    assert sorted(row["record_key"] for row in rows) == ["a", "a", "b", "b", "c"]


def test_a_report_of_nothing_leaves_nothing(land, settings):
    land(ReportingClient({"a": at(20)}))
    land(ReportingClient({}), day=22)

    assert groups(settings) == {}


def test_a_report_is_fetched_before_the_records_behind_it(land, settings):
    land(ReportingClient({"a": at(20)}, x=at(20)))

    (report,) = landed_rows(settings, stream="things_by_kind")
    (record,) = landed_rows(settings)
    assert report["fetched_at"] < record["fetched_at"]


def test_a_report_that_fails_costs_the_records_nothing_and_keeps_the_last_one(land, settings):
    land(ReportingClient({"a": at(20)}, x=at(20)))

    with pytest.raises(SourceUnavailable, match=r"1 of 2 streams failed, 1 landed: .*too slow"):
        land(ReportingClient(None, x=at(20), y=at(22)), day=22)

    assert live(settings) == {"x": at(20), "y": at(22)}
    assert groups(settings) == {"a": at(20)}


def test_a_past_day_is_given_no_report_of_today(land, settings):
    land(ReportingClient({"a": at(20)}))

    landed = land(ReportingClient({"b": at(23)}), day=20, now=datetime(2026, 11, 24, 4, tzinfo=UTC))

    assert [stream.stream for stream in landed.streams] == ["things"]
    assert groups(settings) == {"a": at(20)}
