from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from umlauf.errors import ConfigError
from umlauf.landing.windows import business_day, day_bounds, plan_window

BERLIN = ZoneInfo("Europe/Berlin")


def plan(
    day, covered=None, now=datetime(2026, 11, 23, 3, 30, tzinfo=UTC), lookback_hours=24, first=None
):
    return plan_window(
        day,
        first=first,
        start=datetime(2025, 1, 1, tzinfo=UTC),
        covered=covered,
        lookback=timedelta(hours=lookback_hours),
        zone=BERLIN,
        now=now,
    )


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 29), 23),
        (date(2026, 10, 25), 25),
        (date(2028, 2, 29), 24),
        (date(2026, 12, 31), 24),
    ],
)
def test_a_business_day_has_the_hours_the_company_lives_through(day, hours):
    start, end = day_bounds(day, BERLIN)

    assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "year"),
    [
        ("Europe/Berlin", 2026),
        ("America/Havana", 2026),  # the clock changes at midnight, once there and once back
        ("Asia/Beirut", 2026),
        ("Pacific/Apia", 2011),  # had no 30 December
    ],
)
def test_days_follow_each_other_without_gap_or_overlap_through_a_year(zone, year):
    zone = ZoneInfo(zone)
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(366)]
    bounds = [day_bounds(day, zone) for day in days]

    assert all(one[1] == other[0] for one, other in pairwise(bounds))
    assert all(
        business_day(end, zone) == day
        for day, (_, end) in zip(days, bounds, strict=True)
        if (zone.key, day) != ("Pacific/Apia", date(2011, 12, 29))
    )


def test_the_first_window_reaches_back_to_the_source_start():
    window = plan(date(2026, 11, 22))

    assert window.is_full
    assert window.start == datetime(2025, 1, 1, tzinfo=UTC)
    assert window.end == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_a_regular_night_reads_its_day_and_the_lookback():
    window = plan(date(2026, 11, 22), covered=datetime(2026, 11, 21, 23, tzinfo=UTC))

    assert window.start == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert not window.is_full


def test_a_night_after_an_outage_reaches_back_to_what_was_landed():
    window = plan(date(2026, 11, 22), covered=datetime(2026, 11, 10, 23, tzinfo=UTC))

    assert window.start == datetime(2026, 11, 9, 23, tzinfo=UTC)


def test_a_past_day_is_bounded_and_the_newest_is_open():
    covered = datetime(2026, 11, 22, 23, tzinfo=UTC)

    assert not plan(date(2026, 11, 3), covered=covered).is_open
    assert plan(date(2026, 11, 22), covered=covered).is_open


def test_the_newest_window_stays_open_through_a_day_of_25_hours():
    late_on_the_long_sunday = datetime(2026, 10, 25, 22, 30, tzinfo=UTC)
    covered = datetime(2026, 10, 23, 22, tzinfo=UTC)

    assert plan(date(2026, 10, 24), covered=covered, now=late_on_the_long_sunday).is_open


def test_a_day_that_is_not_over_is_refused():
    with pytest.raises(ConfigError, match="ends at 2026-11-23 23:00 UTC"):
        plan(date(2026, 11, 23))


def test_the_last_complete_day_is_the_company_s_yesterday():
    shortly_after_midnight_in_berlin = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert business_day(shortly_after_midnight_in_berlin, BERLIN) == date(2026, 11, 22)


def test_days_that_are_read_again_together_are_one_window():
    covered = day_bounds(date(2026, 11, 22), BERLIN)[1]

    year = plan(date(2026, 11, 20), covered, first=date(2025, 11, 21))
    alone = [plan(day, covered) for day in (date(2025, 11, 21), date(2026, 11, 20))]

    assert (year.start, year.end) == (alone[0].start, alone[1].end)
    assert not year.is_full
    assert not year.is_open
