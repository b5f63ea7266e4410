from datetime import date

import pyarrow.parquet as pq
import pytest

from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source
from umlauf.errors import ConfigError, LeaseBusy, SourceChanged, SourceUnavailable
from umlauf.landing.batch import batch_files, payload_hash, read_about
from umlauf.landing.deletions import live_keys
from umlauf.landing.land import land_day
from umlauf.landing.lease import hold_lease

DAY = date(2026, 11, 22)


def land(client, settings, clock, day=DAY, deletes="census"):
    return land_day(fake_source(client, deletes), day, settings, CONNECTION, clock=clock)


def landed_rows(settings):
    files = batch_files(settings.landing_root, "fake", "things")
    return [row for file in files for row in pq.read_table(file).to_pylist()]


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


def test_what_is_gone_at_the_source_gets_a_tombstone(settings, ticking_clock):
    records = {key: at(20) for key in "abc"}
    clock = ticking_clock()
    land(FakeClient(records), settings, clock)
    del records["b"]

    report = land(FakeClient(records), settings, clock)

    assert report.streams[0].deleted == 1
    assert live_keys(settings.landing_root, "fake", "things") == ["a", "c"]


def test_a_record_that_comes_back_is_alive_again(settings, ticking_clock):
    clock = ticking_clock()
    land(FakeClient({"a": at(20), "b": at(20)}), settings, clock)
    land(FakeClient({"a": at(20)}), settings, clock)
    land(FakeClient({"a": at(20), "b": at(22)}), settings, clock)

    assert live_keys(settings.landing_root, "fake", "things") == ["a", "b"]


def test_a_mass_deletion_stops_the_stream_and_deletes_nothing(settings, ticking_clock):
    clock = ticking_clock()
    land(FakeClient({f"{n:03}": at(20) for n in range(100)}), settings, clock)

    with pytest.raises(SourceChanged, match="90 of 100 records are gone at once"):
        land(FakeClient({f"{n:03}": at(20) for n in range(10)}), settings, clock)

    assert len(live_keys(settings.landing_root, "fake", "things")) == 100


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


def test_a_disabled_source_is_not_asked(tmp_path, ticking_clock, monkeypatch):
    from umlauf.settings import load_settings

    monkeypatch.setenv("UMLAUF_SOURCES__FAKE__ENABLED", "false")
    with pytest.raises(ConfigError, match=r"sources\.fake\.enabled"):
        land(FakeClient({}), load_settings(home=tmp_path), ticking_clock())
