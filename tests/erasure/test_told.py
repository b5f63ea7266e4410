"""What people are told of an erasure: before it, by `verify`, of past and of kept pictures."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from click.testing import CliRunner

from tests.quality.small_build import AT as PUBLISHED
from tests.quality.small_build import make_build
from umlauf.cli import umlauf
from umlauf.errors import ConfigError
from umlauf.landing.batch import BatchAbout, commit_batch, read_about
from umlauf.landing.columns import record_table
from umlauf.landing.erasures import Erasure, read_erasures, reasons
from umlauf.publish.kept import roll_back, snapshots
from umlauf.publish.past import erased_since
from umlauf.publish.snapshot import publish_build

pytestmark = pytest.mark.integration

AT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
ERASE = ("erase", "hubspot", "contacts", "7731", "--because", "request 14")
NAMES = [f"2026040{day}T030000Z-000000000{day}" for day in range(1, 5)]


def run(*words, answer=None):
    return CliRunner().invoke(umlauf, words, input=answer)


@pytest.fixture
def contacts(settings, monkeypatch):
    """Land two contacts, one of them in two nights; return their batches."""
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    files = []
    for night, keys in enumerate((["7731", "8"], ["7731"])):
        at = AT + timedelta(days=night)
        about = BatchAbout(
            source="hubspot", stream="contacts", day=date(2026, 11, 21 + night), fetched_at=at,
            is_complete=True, rows_fetched=len(keys),
        )  # fmt: skip
        rows = record_table(keys, [at] * len(keys), ['{"email": "e@x"}'] * len(keys), at)
        files.append(commit_batch(settings.landing_root, about, rows))
    return files


def test_it_is_shown_first_and_a_no_changes_nothing(contacts, settings):
    before = [file.read_bytes() for file in contacts]

    done = run(*ERASE, answer="n\n")

    assert done.exit_code == 1
    versions, marts, *_ = done.stdout.splitlines()
    assert versions.startswith("hubspot.contacts 7731: 2 versions in 2 batches, fetched from 2026-")
    assert versions.endswith("2026-11-22 to 2026-11-23 UTC")
    assert marts.startswith("affects all marts, as far as is known; built anew without it")
    assert [file.read_bytes() for file in contacts] == before
    assert read_erasures(settings.landing_root) == []


def test_after_a_yes_it_is_gone_and_verify_is_content(contacts):
    done = run(*ERASE, answer="y\n")

    assert done.exit_code == 0, done.output
    assert "2 versions erased from 2 batches" in done.stdout
    verified = run("verify")
    assert verified.exit_code == 0, verified.output
    assert "3 files read again" in verified.stdout  # and the erasure's own record
    again = run(*ERASE)
    assert again.exit_code == 0
    assert again.stdout == "hubspot.contacts 7731: has been erased before\n"


def test_what_a_backup_brings_back_is_told_until_it_is_erased_again(contacts):
    before = contacts[0].read_bytes()
    run(*ERASE, "--yes")
    contacts[0].write_bytes(before)

    told = run("verify", "hubspot").stdout

    assert "it holds what has been erased: `umlauf build` ends the erasure" in told
    assert run(*ERASE).stdout.startswith("ended an erasure of 1 records that was cut off\n")
    assert run("verify", "hubspot").exit_code == 0


def test_a_batch_that_somebody_rewrote_is_not_explained(contacts, settings):
    about = read_about(contacts[0])
    rows = record_table(["8"], [AT], ["{}"], AT)
    commit_batch(settings.landing_root, replace(about, rows_fetched=1, rows_erased=1), rows)

    assert "it was rewritten, and no erasure says why" in run("verify", "hubspot").stdout


def test_a_batch_rewritten_once_more_than_its_erasure_says_is_told(contacts, settings):
    run(*ERASE, "--yes")
    about = read_about(contacts[0])
    commit_batch(
        settings.landing_root, replace(about, rows_fetched=0), record_table([], [], [], AT)
    )

    told = run("verify", "hubspot").stdout

    assert "expected the payloads" in told
    assert "of its last erasure, came" in told


def erasure(at, stream="contacts"):
    return Erasure(
        source="hubspot", stream=stream, key_sha256="0", because="", versions=1, batches=(), at=at
    )


def test_a_past_picture_s_difference_names_the_erasures_behind_it():
    lineage = [("hubspot.contacts", "core.dim_x"), ("hubspot.deals", "pipeline.fct_deal")]
    known = [erasure(AT), erasure(AT + timedelta(days=5)), erasure(AT + timedelta(days=6))]

    told = reasons(known, AT, lineage)

    assert told == {
        "core.dim_x": "records of hubspot.contacts were erased on 2026-11-27, 2026-11-28"
    }


def publish(build, name):
    build.state(name)
    publish_build(build.settings, name, at=PUBLISHED + timedelta(days=NAMES.index(name)))


def test_no_snapshot_from_before_an_erasure_is_kept_or_returned_to(contacts, settings, tmp_path):
    build = make_build(settings, tmp_path / "expectations")
    publish(build, NAMES[0])
    publish(build, NAMES[1])
    assert "1 kept snapshots go" in run(*ERASE, answer="n\n").stdout

    run(*ERASE, "--yes")

    assert [one.build_id for one in snapshots(settings)] == [NAMES[1]]
    assert not settings.warehouse_file.exists()
    (erased,) = read_erasures(settings.landing_root)
    build = make_build(settings, tmp_path / "expectations")
    for number, name in enumerate(NAMES[2:]):
        build.state(name)
        publish_build(settings, name, at=erased.at + timedelta(days=1 + number))
    assert [one.build_id for one in snapshots(settings)] == NAMES[:1:-1]  # of since then
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        assert connection.execute("select because, versions, batches from trust.erasure").fetchall()
    assert erased_since(settings, erased.at, settings.marts_file) == {}
    assert roll_back(settings) == NAMES[2]
    with pytest.raises(ConfigError, match="no older snapshot is kept"):
        roll_back(settings)
