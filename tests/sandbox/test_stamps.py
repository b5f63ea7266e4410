"""Days in Berlin, instants in UTC, also on the two nights a year when the clocks change."""

from datetime import date

import pytest

from umlauf.sandbox.stamps import at, business_day, day_text, is_bank_day, iso, midnight, parse_iso


def day(text):
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("text", "hour", "expected"),
    [
        ("2026-03-28", 9, "2026-03-28T08:00:00.000Z"),
        ("2026-03-29", 9, "2026-03-29T07:00:00.000Z"),
        ("2026-10-25", 4.5, "2026-10-25T03:30:00.000Z"),
        ("2026-10-24", 4.5, "2026-10-24T02:30:00.000Z"),
    ],
)
def test_a_wall_clock_hour_becomes_the_right_instant(text, hour, expected):
    assert iso(at(day(text), hour)) == expected


@pytest.mark.parametrize("text", ["2026-03-29", "2026-10-25", "2026-01-01", "2024-02-29"])
def test_a_business_day_begins_at_midnight_in_berlin(text):
    first = midnight(day(text))

    assert day_text(business_day(first)) == text
    assert day_text(business_day(first - 1)) < text
    assert day_text(business_day(midnight(day(text) + 1) - 1)) == text


def test_a_stamp_reads_back_as_it_was_written():
    assert parse_iso("2026-10-25T00:59:59.007Z") == 1792889999007
    assert iso(1792889999007) == "2026-10-25T00:59:59.007Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-04-03", False), ("2026-05-01", False), ("2026-10-03", False), ("2026-10-05", True)],
)
def test_banks_rest_on_weekends_and_target_holidays(text, expected):
    assert is_bank_day(day(text)) is expected
