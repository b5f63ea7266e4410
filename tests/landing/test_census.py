"""What windows cannot see: deletions, rows that show up late, stamps that went back."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source, landed_rows, live
from umlauf.errors import ConfigError, SourceChanged
from umlauf.landing.batch import batch_files, read_about
from umlauf.landing.land import land_day

DAY = date(2026, 11, 22)


def land(client, settings, clock, day=DAY, **more):
    return land_day(fake_source(client), day, settings, CONNECTION, clock=clock, **more)


def many(count, stamp):
    return {f"{number:03}": stamp for number in range(count)}


def test_what_is_gone_at_the_source_gets_a_tombstone(settings, ticking_clock):
    things, clock = {key: at(20) for key in "abc"}, ticking_clock()
    land(FakeClient(things), settings, clock)
    del things["b"]

    report = land(FakeClient(things), settings, clock)

    assert report.streams[0].deleted == 1
    assert live(settings) == things


def test_a_record_that_comes_back_is_alive_again_though_its_stamp_is_the_old_one(
    settings, ticking_clock
):
    clock = ticking_clock()
    land(FakeClient({"a": at(2), "b": at(2)}), settings, clock)
    land(FakeClient({"a": at(2)}), settings, clock)
    assert list(live(settings)) == ["a"]

    land(FakeClient({"a": at(2), "b": at(2)}), settings, clock)

    assert live(settings) == {"a": at(2), "b": at(2)}


def test_a_row_that_becomes_visible_weeks_behind_its_stamp_is_landed_that_night(
    settings, ticking_clock
):
    things, clock = {"a": at(20), "b": at(21)}, ticking_clock()
    land(FakeClient(things), settings, clock)
    things["c"] = at(1)

    report = land(FakeClient(things), settings, clock)

    assert (report.streams[0].rows, report.streams[0].missed) == (2, 1)  # and the overlap's "b"
    assert live(settings) == things


def test_a_record_that_came_and_went_between_counting_and_listing_changes_nothing(
    settings, ticking_clock
):
    class Hasty(FakeClient):
        def tally(self, stream):
            self.things["z"] = at(22)
            counted = super().tally(stream)
            del self.things["z"]
            return counted

    land(client := Hasty({"a": at(20)}), settings, ticking_clock())

    assert client.censuses == 1
    assert live(settings) == {"a": at(20)}


def test_a_source_that_counts_as_many_as_landed_is_not_listed(settings, ticking_clock):
    clock = ticking_clock()
    for client in (FakeClient({"a": at(20)}), FakeClient({"a": at(22), "b": at(22)})):
        land(client, settings, clock)
        assert client.censuses == 0


def test_a_record_that_is_edited_after_its_page_is_left_to_the_next_night(settings, ticking_clock):
    class Busy(FakeClient):
        def tally(self, stream):
            self.things["a"] = at(23)
            return super().tally(stream)

    land(client := Busy({"a": at(20)}), settings, ticking_clock())

    assert client.censuses == 0


@pytest.mark.parametrize(("days", "censuses"), [(6, 0), (7, 1)])
def test_a_loss_that_a_gain_hides_from_the_count_is_found_within_a_week(
    settings, ticking_clock, days, censuses
):
    land(FakeClient({"a": at(1), "b": at(2)}), settings, ticking_clock())
    swapped = FakeClient({"b": at(2), "c": at(1)}, late={"c"})

    land(
        swapped,
        settings,
        ticking_clock(at(23, 4) + timedelta(days=days)),
        day=DAY + timedelta(days=days),
    )

    assert swapped.censuses == censuses
    assert list(live(settings)) == (["b", "c"] if censuses else ["a", "b"])


class FewPages(FakeClient):
    """Says that a listing takes so few requests."""

    listing = 1

    def tally(self, stream):
        return replace(super().tally(stream), listing=self.listing)


def swapped_in_a_night(settings, clock, listing):
    """Land two records, then lose one and gain a late one: the source counts two both times."""

    land(FakeClient({"a": at(1), "b": at(2)}), settings, clock)
    client = FewPages({"b": at(2), "c": at(1)}, late={"c"})
    client.listing = listing
    land(client, settings, clock)


@pytest.mark.parametrize(("listing", "left"), [(10, ["b", "c"]), (11, ["a", "b"])])
def test_a_loss_that_a_gain_hides_is_found_the_same_night_where_few_requests_list_all(
    settings, ticking_clock, listing, left
):
    swapped_in_a_night(settings, ticking_clock(), listing)

    assert list(live(settings)) == left


def test_a_row_changed_behind_its_window_is_read_the_same_night_where_few_requests_list_all(
    settings, ticking_clock
):
    clock = ticking_clock()
    land(FakeClient({"a": at(1), "b": at(22)}), settings, clock)

    land(FewPages({"a": at(2), "b": at(22)}, late={"a"}), settings, clock)

    assert live(settings) == {"a": at(2), "b": at(22)}


def test_a_listing_that_finds_nothing_lands_nothing(settings, ticking_clock):
    clock = ticking_clock()
    for _ in range(2):
        land(client := FewPages({"a": at(20)}), settings, clock)

    assert client.censuses == 1
    kinds = [read_about(file).kind for file in batch_files(settings.landing_root, "fake", "things")]
    assert kinds == ["records", "records"]


def test_a_listing_without_need_that_was_cut_on_its_way_deletes_nothing(settings, ticking_clock):
    class Cut(FewPages):
        def census(self, stream):
            yield from list(super().census(stream))[1:]

    things, clock = {"a": at(20), "b": at(20)}, ticking_clock()
    land(FakeClient(things), settings, clock)

    land(client := Cut(things), settings, clock)

    assert client.censuses == 1
    assert live(settings) == things


def test_a_past_day_is_landed_without_asking_what_is_gone(settings, ticking_clock):
    land(FakeClient({"a": at(20), "b": at(20)}), settings, ticking_clock())

    land(client := FakeClient({"a": at(20)}), settings, ticking_clock(), day=date(2026, 11, 9))

    assert client.censuses == 0


def test_the_last_batch_states_what_the_source_counts(settings, ticking_clock):
    things, clock = {key: at(20) for key in "abc"}, ticking_clock()
    land(FakeClient(things), settings, clock)
    del things["a"]
    land(FakeClient(things), settings, clock)

    abouts = [read_about(file) for file in batch_files(settings.landing_root, "fake", "things")]
    stated = [(about.kind, about.source_total) for about in reversed(abouts)]
    assert stated == [("records", 3), ("records", 2), ("census", 2)]


def test_a_mass_deletion_stops_the_stream_and_deletes_nothing(settings, ticking_clock):
    clock = ticking_clock()
    land(FakeClient(many(100, at(20))), settings, clock)

    with pytest.raises(SourceChanged, match="90 of 100 records are gone at once"):
        land(FakeClient(many(10, at(20))), settings, clock)

    assert len(live(settings)) == 100


@pytest.mark.parametrize(("left", "is_refused"), [(51, False), (49, True)])
def test_a_stream_whose_records_come_and_go_says_how_many_may(
    settings, ticking_clock, left, is_refused
):
    clock = ticking_clock()

    def night(things):
        source = fake_source(FakeClient(things))
        (stream,) = source.streams
        source = replace(source, streams=(replace(stream, max_deleted_ratio=0.5),))
        land_day(source, DAY, settings, CONNECTION, clock=clock)

    night(many(100, at(20)))
    with pytest.raises(SourceChanged) if is_refused else nullcontext():
        night(many(left, at(20)))

    assert len(live(settings)) == (100 if is_refused else left)


def test_a_handful_of_older_stamps_is_taken_over(settings, ticking_clock):
    clock = ticking_clock()
    land(FakeClient(many(4, at(20))), settings, clock)
    land(FakeClient(restored := many(4, at(3))), settings, clock)

    assert live(settings) == restored


def test_a_source_restored_from_a_backup_is_refused_until_it_is_read_in_full(
    settings, ticking_clock
):
    clock, before, restored = ticking_clock(), many(20, at(20)), many(19, at(3))
    land(FakeClient(before), settings, clock)

    with pytest.raises(
        SourceChanged,
        match=r"cursor ahead of source: 19 of 20 records carry older stamps.*things --full",
    ):
        land(FakeClient(restored), settings, clock)
    assert live(settings) == before

    report = land(FakeClient(restored), settings, clock, is_full=True)

    assert live(settings) == restored
    assert (report.streams[0].rows, report.streams[0].deleted) == (19, 1)
    assert land(client := FakeClient(restored), settings, clock).rows == 0
    assert not client.asked[0][0].is_full


def test_a_full_read_that_is_cut_off_is_continued_by_the_next_full_read(settings, ticking_clock):
    clock, things = ticking_clock(), {key: at(20) for key in "abcdef"}
    small = settings.model_copy(update={"batch_rows": 2})
    land(FakeClient(things), small, clock)
    with pytest.raises(Exception, match="gave up"):
        land(FakeClient(things, fail_after=4), small, clock, is_full=True)

    land(client := FakeClient(things), small, clock, is_full=True)

    assert client.asked[0][1] == "b"
    assert len(landed_rows(settings)) == 12


def test_a_source_of_files_has_nothing_to_read_in_full(settings):
    from umlauf.sources.registry import find_source

    with pytest.raises(ConfigError, match="bank: keeps all files"):
        land_day(find_source("bank"), DAY, settings, CONNECTION, is_full=True)
