"""A plan, held against what is then fetched from a source whose records are known."""

from dataclasses import replace
from datetime import date

import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source, landed_rows
from umlauf.backfill import run
from umlauf.backfill.plan import Plan, plan_backfill
from umlauf.backfill.staging import Request, staged
from umlauf.errors import ConfigError, LeaseBusy
from umlauf.landing.land import land_day
from umlauf.landing.lease import hold_lease
from umlauf.landing.own_records import land_own

pytestmark = pytest.mark.integration

NOW = at(23, 4)
DAYS = {str(day): at(day) for day in range(10, 22)}  # one record a day, 10 to 21 November
WEEK = Request(first=date(2026, 11, 12), last=date(2026, 11, 18), names=("fake",))


@pytest.fixture
def client():
    return FakeClient(dict(DAYS))


@pytest.fixture
def source(client, monkeypatch):
    source = fake_source(client)
    monkeypatch.setattr(run, "find_source", lambda _: source)
    return source


@pytest.fixture
def landed(settings, source):
    land_day(source, date(2026, 11, 22), settings, CONNECTION, clock=lambda: NOW)
    return settings


def begin(settings, request=WEEK):
    return run.begin(settings, request, clock=lambda: NOW)


def fetch(settings):
    return run.fetch(settings, WEEK, "fake", connect=lambda _: CONNECTION, clock=lambda: NOW)


def test_it_says_how_many_rows_come_and_they_do(landed, client):
    (planned,) = begin(landed).sources

    report = fetch(landed)

    # The days 12 to 18, and the day before them for rows that became visible late.
    assert planned.rows == report.rows == 8
    assert planned.requests == sum(stream.requests for stream in report.streams) == 4
    assert planned.seconds == pytest.approx(4 / landed.source("fake").requests_per_second)


def test_a_first_fetch_reads_all_there_is_which_nobody_can_foretell(settings, source):
    assert [one.rows for one in begin(settings).sources] == [0]

    assert fetch(settings).rows == len(DAYS)


def test_planning_asks_the_source_nothing(landed, client):
    asked = len(client.asked)

    begin(landed)

    assert len(client.asked) == asked


def test_a_replay_asks_nobody(landed):
    request = run.request_of(landed, WEEK.first, WEEK.last, ["odoo"], is_replay=True)

    assert request.names == ()
    assert begin(landed, request) == Plan(sources=(), build_seconds=None)


def test_the_longest_build_so_far_is_named(landed):
    for number, seconds in enumerate((61.5, 7.0)):
        stated = {"build_id": str(number), "mart": "core.dim_date", "build_seconds": seconds}
        land_own(landed.landing_root, "builds", WEEK.last, {str(number): stated}, at(20 + number))

    assert begin(landed).build_seconds == 61.5


def test_the_landing_of_the_nights_stays_as_it_was_and_the_staging_has_what_is_missing(
    landed, client
):
    client.things["late"] = at(15)  # became visible long after its stamp
    begin(landed)

    fetch(landed)

    assert "late" not in {row["record_key"] for row in landed_rows(landed)}
    assert "late" in {row["record_key"] for row in landed_rows(staged(landed))}


def test_what_has_been_fetched_is_not_fetched_again(landed, client):
    begin(landed)
    fetch(landed)
    asked = len(client.asked)

    begin(landed)

    assert fetch(landed) is None
    assert len(client.asked) == asked


def test_a_fetch_that_was_cut_off_goes_on_where_it_was(landed, client, monkeypatch):
    small = landed.model_copy(update={"batch_rows": 2})
    begin(small)
    client.fail_after = 4
    with pytest.raises(Exception, match="gave up"):
        fetch(small)
    client.fail_after = None

    begin(small)
    fetch(small)

    assert client.asked[-1][1] is not None  # it continued behind a key
    keys = [row["record_key"] for row in landed_rows(staged(small))]
    assert len(keys) == len(DAYS) + 8  # the night's rows, and those of the week once


def test_a_night_that_is_landing_the_source_is_waited_for(landed):
    begin(landed)
    impatient = landed.model_copy(update={"lease_wait_seconds": 0.0})

    with hold_lease(landed.leases, "land_fake", 0), pytest.raises(LeaseBusy, match="land_fake"):
        fetch(impatient)


def test_days_the_wrong_way_round_and_days_not_over_are_refused(landed, source):
    with pytest.raises(ConfigError, match="2026-11-18 is after --to 2026-11-12"):
        run.request_of(landed, WEEK.last, WEEK.first, is_replay=False)
    with pytest.raises(ConfigError, match="a day is landed once it is over"):
        plan_backfill(landed, replace(WEEK, last=date(2026, 11, 23)), [source], NOW)
