"""Failures outlive the run that met them, and end when the same thing succeeds."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from umlauf.errors import LeaseLost, SourceDenied
from umlauf.landing import open_records
from umlauf.landing.incidents import Incident, note, noting, open_incidents, settle

AT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
MESSAGE = "crm.deals: 403,\n  scope missing"


def fail(settings, clock, error=None):
    error = error or SourceDenied(MESSAGE)
    with pytest.raises(type(error)), noting(settings, "land crm", clock):
        raise error


def test_a_failure_is_told_since_it_first_came(settings, ticking_clock):
    clock = ticking_clock(AT)

    fail(settings, clock)
    fail(settings, clock)

    assert open_incidents(settings) == [
        Incident(
            subject="land crm",
            kind="SourceDenied",
            message=r"crm.deals: 403,\n scope missing",
            since=AT,
        )
    ]


def test_success_ends_it_and_a_new_failure_begins_anew(settings, ticking_clock):
    clock = ticking_clock(AT)
    fail(settings, clock)

    with noting(settings, "land crm", clock):
        pass

    assert open_incidents(settings) == []
    fail(settings, clock)
    (again,) = open_incidents(settings)
    assert again.since > AT


def test_the_success_of_another_ends_nothing(settings, ticking_clock):
    clock = ticking_clock(AT)
    fail(settings, clock)

    with noting(settings, "land bank", clock):
        pass

    assert [one.subject for one in open_incidents(settings)] == ["land crm"]


def test_what_never_failed_lands_nothing(settings, ticking_clock):
    with noting(settings, "marts", ticking_clock()):
        pass

    assert not settings.landing_root.exists()


def test_a_run_that_was_overtaken_is_no_incident(settings, ticking_clock):
    fail(settings, ticking_clock(), LeaseLost("a newer run publishes"))

    assert open_incidents(settings) == []


def test_a_clock_that_was_set_back_does_not_make_the_end_look_older(settings):
    note(settings, "marts", SourceDenied("no"), AT)
    settle(settings, ["marts"], datetime(2026, 11, 22, tzinfo=UTC))

    assert open_incidents(settings) == []


def test_of_two_that_fail_at_one_moment_while_the_clock_is_behind_none_is_lost(
    settings, monkeypatch
):
    note(settings, "marts", "no", AT)
    behind = AT - timedelta(hours=1)  # both stamp theirs right behind the newest batch
    other = Thread(target=note, args=(settings, "land erp", "down", behind))
    real = open_records.commit_batch

    def commit(*given):
        monkeypatch.setattr(open_records, "commit_batch", real)
        other.start()
        other.join(0.5)
        return real(*given)

    monkeypatch.setattr(open_records, "commit_batch", commit)
    note(settings, "land crm", "down", behind)
    other.join(10)

    assert {one.subject for one in open_incidents(settings)} == {"marts", "land crm", "land erp"}


def test_on_a_full_disk_the_failure_is_in_the_log_and_stays_the_one_that_is_raised(
    settings, ticking_clock, monkeypatch, caplog
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(open_records, "commit_batch", full)

    fail(settings, ticking_clock())

    assert "land crm: SourceDenied: crm.deals: 403" in caplog.text
    assert "No space left on device" in caplog.text
