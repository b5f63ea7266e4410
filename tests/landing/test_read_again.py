"""What a batch held that was set aside comes from the source again, if the source still has it."""

from datetime import date

import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source, live
from umlauf.errors import LandingDamaged
from umlauf.landing.batch import batch_files, read_about
from umlauf.landing.intact import set_aside
from umlauf.landing.land import land_day

DAY = date(2026, 11, 22)
OLD, NEW = {"a": at(2), "b": at(2)}, {"c": at(22)}


@pytest.fixture
def clock(ticking_clock):
    return ticking_clock()


@pytest.fixture
def two_nights(settings, clock):
    """Land the history one night and a new record the next; return the batches, oldest first."""
    land(FakeClient(dict(OLD)), settings, clock, date(2026, 11, 21))
    land(FakeClient(OLD | NEW), settings, clock)
    return sorted(batch_files(settings.landing_root, "fake", "things"), key=lambda file: file.name)


def land(client, settings, clock, day=DAY, **more):
    return land_day(fake_source(client), day, settings, CONNECTION, clock=clock, **more)


@pytest.mark.parametrize("number", [0, 1])
def test_the_next_landing_brings_it_back_however_old_its_window(
    settings, clock, two_nights, number
):
    set_aside(two_nights[number], clock())

    land(FakeClient(OLD | NEW), settings, clock)

    assert live(settings) == OLD | NEW


def test_also_a_version_that_no_count_misses(settings, clock):
    things = dict(OLD)
    land(FakeClient(things), settings, clock, date(2026, 11, 18))
    things["a"] = at(19)
    land(FakeClient(things), settings, clock, date(2026, 11, 19))
    land(FakeClient(things), settings, clock, date(2026, 11, 20))  # the overlap brings it twice
    brought = list((settings.landing_root / "fake" / "things").glob("day=2026-11-[12][90]/*"))
    things |= NEW
    land(FakeClient(things), settings, clock, date(2026, 11, 21))
    land(FakeClient(things), settings, clock)
    for lost in brought:
        set_aside(lost, clock())
    assert live(settings) == OLD | NEW

    land(FakeClient(things), settings, clock)

    assert live(settings) == things


def test_a_stream_is_listed_once_for_it_and_not_every_night(settings, clock, two_nights):
    set_aside(two_nights[0], clock())
    land(FakeClient(OLD | NEW), settings, clock)
    client = FakeClient(OLD | NEW)

    land(client, settings, clock)

    assert client.censuses == 0


def test_a_file_that_was_put_back_asks_for_nothing(settings, clock, two_nights):
    aside = set_aside(two_nights[0], clock())
    aside.rename(two_nights[0])
    client = FakeClient(OLD | NEW)

    land(client, settings, clock)

    assert client.censuses == 0


def test_a_lost_tombstone_is_made_again(settings, clock):
    land(FakeClient(OLD | NEW), settings, clock)
    land(FakeClient(dict(NEW)), settings, clock)
    (tombstones,) = (
        file
        for file in batch_files(settings.landing_root, "fake", "things")
        if read_about(file).kind == "census"
    )
    set_aside(tombstones, clock())
    assert live(settings) == OLD | NEW

    land(FakeClient(dict(NEW)), settings, clock)

    assert live(settings) == NEW


def test_a_landing_that_meets_a_damaged_batch_names_it(settings, clock, two_nights):
    content = two_nights[0].read_bytes()
    two_nights[0].write_bytes(content[:60] + bytes(len(content) - 120) + content[-60:])

    with pytest.raises(LandingDamaged, match=two_nights[0].name):
        land(FakeClient(OLD | NEW), settings, clock)
