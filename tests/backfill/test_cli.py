"""`umlauf backfill`, `snapshots` and `rollback`, as a person types them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.backfill.small_backfill import REQUEST, ask, backfilled, published
from tests.quality.small_build import AT, BUILD_ID
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.backfill.run import swap
from umlauf.cli import umlauf
from umlauf.errors import CheckFailed
from umlauf.landing.incidents import MARTS, note

pytestmark = pytest.mark.integration
REPLAY = replace(REQUEST, names=(), is_replay=True)
DAYS = ["--from", str(REPLAY.first), "--to", str(REPLAY.last)]


@pytest.fixture
def waiting(settings, tmp_path, monkeypatch):
    """A replay that was built, and waits to be asked about; its settings and build id."""
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    published(settings, tmp_path)
    _, build_id = backfilled(settings, tmp_path, REPLAY)
    return settings, build_id


def umlauf_says(*words, answer=None):
    return CliRunner().invoke(umlauf, words, input=answer)


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_without_a_yes_readers_see_what_they_saw(waiting, answer):
    settings, build_id = waiting

    done = umlauf_says("backfill", *DAYS, "--replay", answer=answer)

    assert done.exit_code == 1
    assert f"1 of 3 marts differ: {BUILD_ID} -> {build_id}" in done.stdout
    assert "pipeline.fct_deal" in done.stdout
    assert ask(settings) == [(BUILD_ID, "5.00")]


def test_what_the_last_night_failed_at_is_over_and_people_are_told(waiting, monkeypatch):
    settings, build_id = waiting
    note(settings, MARTS, CheckFailed("dbt: 1 of 9 models failed"), AT)
    monkeypatch.setattr("umlauf.backfill.run.check", lambda *_: None)
    monkeypatch.setattr("umlauf.report.page.write_report", lambda *_, **__: None)
    with MisbehavingServer(Reply(body=b"ok")) as server:
        monkeypatch.setenv("AIRFLOW_CONN_ALERTS", server.url)
        monkeypatch.setenv("UMLAUF_ALERTS__WEBHOOK_CONNECTION", "alerts")
        assert umlauf_says("alert").exit_code == 0

        done = umlauf_says("backfill", *DAYS, "--replay", "--yes")

    assert done.exit_code == 0, done.output
    assert ask(settings) == [(build_id, "9.00")]
    begun, over = (json.loads(request.body)["text"] for request in server.requests)
    assert "1 of 9 models failed" in begun
    assert "over: marts" in over


def test_days_the_wrong_way_round_are_a_usage_error(waiting):
    done = umlauf_says("backfill", "--from", "2026-03-31", "--to", "2026-03-01")

    assert done.exit_code == 2
    assert "--from 2026-03-31 is after --to 2026-03-01" in done.stderr


def test_snapshots_are_listed_and_one_is_returned_to(waiting):
    settings, build_id = waiting
    swap(settings, build_id, BUILD_ID, clock=lambda: AT + timedelta(hours=3))
    before = umlauf_says("snapshots").stdout.splitlines()

    back = umlauf_says("rollback", BUILD_ID)

    after = umlauf_says("snapshots").stdout.splitlines()
    assert [line[:2] for line in before] == ["* ", "  "]
    assert [line[:2] for line in after] == ["  ", "* "]
    assert f"readers see {BUILD_ID}" in back.stdout
    assert ask(settings) == [(BUILD_ID, "5.00")]


def test_a_rollback_to_nothing_says_what_there_is(waiting):
    done = umlauf_says("rollback")

    assert done.exit_code == 2
    assert "no older snapshot is kept; there are none" in done.stderr
