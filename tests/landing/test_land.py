from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source, landed_rows, live
from umlauf.errors import ConfigError, LeaseBusy, SourceUnavailable
from umlauf.landing.batch import batch_files, payload_hash, read_about
from umlauf.landing.land import land_day
from umlauf.landing.lease import hold_lease
from umlauf.nested_settings import SourceSettings

DAY = date(2026, 11, 22)


def land(client, settings, clock, day=DAY, **more):
    return land_day(fake_source(client), day, settings, CONNECTION, clock=clock, **more)


def test_payloads_are_landed_as_received(settings, ticking_clock):
    land(FakeClient({"a": at(20)}), settings, ticking_clock())

    (row,) = landed_rows(settings)
    assert row["payload"] == '{"id": "a", "price": 1.10}'
    assert row["record_version"].isoformat() == "2026-11-20T12:00:00"


def test_a_batch_states_its_window_counts_and_hash(settings, ticking_clock):
    land(FakeClient({"a": at(20), "b": at(21), "c": at(22)}), settings, ticking_clock())

    (file,) = batch_files(settings.landing_root, "fake", "things")
    about = read_about(file)
    assert (about.rows_fetched, about.requests, about.is_complete) == (3, 2, True)
    assert about.window_end == at(22, 23)
    assert about.payload_sha256 == payload_hash(pq.read_table(file))


def test_a_window_without_records_still_moves_the_stream_on(settings, ticking_clock):
    client = FakeClient({})
    land(client, settings, ticking_clock(), day=date(2026, 11, 21))
    land(client, settings, ticking_clock(), day=DAY)

    assert [window.is_full for window, _ in client.asked] == [True, False]


def test_a_run_that_was_cut_off_continues_behind_its_last_batch(settings, ticking_clock):
    records = {key: at(20) for key in "abcdef"}
    settings = settings.model_copy(update={"batch_rows": 2})
    with pytest.raises(SourceUnavailable):
        land(FakeClient(records, fail_after=4), settings, ticking_clock())
    again = FakeClient(records)

    land(again, settings, ticking_clock(at(23, 4)))

    assert again.asked[0][1] == "b"  # "cd" was held, not landed, when the source gave up
    assert sorted(row["record_key"] for row in landed_rows(settings)) == list("abcdef")


def test_a_first_window_that_takes_longer_than_a_night_is_continued_the_next_night(
    settings, ticking_clock
):
    things = {key: at(20) for key in "abcdef"}
    small = settings.model_copy(update={"batch_rows": 2})
    with pytest.raises(SourceUnavailable):
        land(FakeClient(things, fail_after=4), small, ticking_clock())
    things |= {"a": at(23), "g": at(23)}  # meanwhile
    again = FakeClient(things)

    report = land(again, small, ticking_clock(at(24, 4)), day=date(2026, 11, 23))

    (first, after), (second, _) = again.asked
    assert (first.is_full, first.end, after) == (True, at(22, 23), "b")
    assert (second.is_full, second.end) == (False, at(23, 23))
    assert [stream.window_end for stream in report.streams] == [at(22, 23), at(23, 23)]
    assert live(settings) == things


def test_a_backfill_leaves_the_cut_off_window_of_a_newer_day_alone(settings, ticking_clock):
    things = {key: at(20) for key in "abcdef"}
    small = settings.model_copy(update={"batch_rows": 2})
    with pytest.raises(SourceUnavailable):
        land(FakeClient(things, fail_after=4), small, ticking_clock())
    backfill = FakeClient(things)

    land(backfill, small, ticking_clock(at(23, 4)), day=date(2026, 11, 10))

    assert [window.end for window, _ in backfill.asked] == [at(10, 23)]


def test_a_run_that_crosses_midnight_keeps_the_newest_window_open_to_its_last_stream(settings):
    looks = iter([at(23, 22), *[at(23, 23)] * 100])  # midnight in Berlin is 23:00 UTC
    land(FakeClient({"a": at(20)}), settings, lambda: at(23, 4))
    client = FakeClient({"a": at(20), "b": at(23, 22)})

    land(client, settings, lambda: next(looks))

    assert [window.is_open for window, _ in client.asked] == [True]
    assert "b" in live(settings)


def test_a_window_of_which_the_source_gives_fewer_records_than_it_counts_stays_open(
    settings, ticking_clock
):
    class Short(FakeClient):
        def pages(self, stream, window, after):
            for page in super().pages(stream, window, after):
                yield replace(page, total=5)

    with pytest.raises(SourceUnavailable, match=r"fake\.things: .*counts 5 records.*gave 3"):
        land(Short({key: at(20) for key in "abc"}), settings, ticking_clock())

    land(again := FakeClient({key: at(20) for key in "abcde"}), settings, ticking_clock(at(23, 5)))
    assert again.asked[0][0].is_full
    assert list(live(settings)) == list("abcde")


def test_an_older_day_landed_later_does_not_move_the_cursor_back(settings, ticking_clock):
    client = FakeClient({"a": at(20)})
    land(client, settings, ticking_clock())
    land(client, settings, ticking_clock(at(23, 5)), day=date(2026, 11, 10))
    land(client, settings, ticking_clock(at(23, 6)))

    assert client.asked[-1][0].start == at(20, 23)


def test_two_runs_of_one_source_do_not_overlap(settings, ticking_clock):
    impatient = settings.model_copy(update={"lease_wait_seconds": 0.0})

    with (
        hold_lease(settings.leases, "land_fake", 0),
        pytest.raises(LeaseBusy, match="land_fake: still owned by process"),
    ):
        land(FakeClient({}), impatient, ticking_clock())


def test_an_unknown_stream_is_named_with_those_there_are(settings, ticking_clock):
    with pytest.raises(ConfigError, match="no stream 'nothing'; it has things"):
        land_day(
            fake_source(FakeClient({})),
            DAY,
            settings,
            CONNECTION,
            streams=["nothing"],
            clock=ticking_clock(),
        )


def test_a_disabled_source_is_not_asked(settings, ticking_clock):
    disabled = settings.model_copy(update={"sources": {"fake": SourceSettings(enabled=False)}})

    with pytest.raises(ConfigError, match=r"sources\.fake\.enabled"):
        land(FakeClient({}), disabled, ticking_clock())
