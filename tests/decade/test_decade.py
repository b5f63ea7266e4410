"""Nights around each oddity of the calendar, every other one with a fault, and a judge that sees.

python -m tests.decade      the decade itself: more than `make test` has patience for
"""

import json
from datetime import date, datetime, timedelta

import pytest

from tests.decade import faults
from tests.decade.__main__ import as_json
from tests.decade.campaign import Part, parts_of, play
from umlauf.landing import live, run, stream
from umlauf.landing.windows import NIGHT

pytestmark = pytest.mark.integration

ODD = {
    "a leap day": date(2024, 2, 24),
    "summer time begins": date(2025, 3, 26),
    "summer time ends": date(2025, 10, 21),
    "a year ends": date(2027, 12, 28),
}
NIGHTS = 10


@pytest.fixture(autouse=True)
def takes_in_often(monkeypatch):
    """Let few nights do what otherwise fifty batches of a stream do."""
    monkeypatch.setattr(live, "MOST_NEW", 3)


@pytest.mark.parametrize("first", ODD.values(), ids=ODD)
def test_no_day_is_missing_or_doubled_and_nothing_is_lost(first):
    nights, _ = play(Part("slice", first, NIGHTS), rate=0.5)

    assert nights.wrong == []
    assert nights.clock_changes + nights.leap_days + nights.year_ends == 1
    assert nights.faults
    assert nights.days + nights.not_landed == 4 * NIGHTS
    assert nights.deletions
    assert nights.compared > 1000
    assert json.loads(as_json(nights, 1.0))["faults"] == nights.faults


def test_an_hour_without_disk_costs_no_night(monkeypatch):
    def hour_without_disk(world, _, __):
        here = world.timeline.true.astimezone(world.settings.zone)
        due = datetime.combine(here.date() + timedelta(days=1), NIGHT, here.tzinfo)
        over, full = due + timedelta(minutes=55), OSError(28, "No space left on device")
        world.disk_error = lambda: full if due <= world.timeline.true < over else None

    monkeypatch.setattr(faults, "FAULTS", {"hour_without_disk": (1, hour_without_disk)})

    nights, _ = play(Part("disk", date(2026, 6, 1), 2), rate=1)

    assert (nights.wrong, nights.late, nights.made_good) == ([], [], 0)


def test_without_faults_every_night_is_on_time():
    nights, _ = play(Part("clean", date(2026, 6, 1), 4), rate=0)

    assert (nights.wrong, nights.late, nights.made_good, nights.not_landed) == ([], [], 0, 0)
    assert nights.read == 4


def test_a_seed_plays_the_same_nights_again():
    part = Part("again", date(2026, 3, 27), 4)

    assert play(part, rate=1)[0] == play(part, rate=1)[0]


def test_the_judge_sees_windows_that_do_not_meet(monkeypatch):
    real = run.plan_window

    def short(day, **more):
        window = real(day, **more)
        return window if window.is_full else run.Window(
            start=window.end - (window.end - window.start) / 9, end=window.end, is_open=True
        )  # fmt: skip

    monkeypatch.setattr(run, "plan_window", short)

    nights, _ = play(Part("gap", date(2026, 6, 1), 3), rate=0)

    assert any("nothing read from" in one for one in nights.wrong)


def test_the_judge_sees_deletions_that_are_not_found(monkeypatch):
    monkeypatch.setattr(stream, "_take_census", lambda *_: (0, 0))

    nights, _ = play(Part("deleted", date(2026, 6, 1), 6), rate=0)

    assert any("at the source [None]" in one for one in nights.wrong)


def test_a_decade_has_every_oddity():
    parts = parts_of("1", date(2024, 1, 1), 3650)

    assert sum(part.nights for part in parts) == 3650
    assert len({part.first for part in parts}) == len(parts) == 10
