"""What `umlauf status` says of each thing that can be wrong; the morning page says the same."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from tests.report.tiny_marts import BUILD, land_all, write_marts
from umlauf.cli import umlauf
from umlauf.errors import CheckFailed, SourceDenied
from umlauf.health import troubles as finders
from umlauf.health.reach import Queued
from umlauf.health.status import read_status
from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.incidents import note
from umlauf.landing.lease import hold_lease
from umlauf.landing.windows import day_bounds
from umlauf.report.page import write_report
from umlauf.sources.registry import all_sources

pytestmark = pytest.mark.integration

DAY = date(2026, 3, 31)
MORNING = datetime(2026, 4, 1, 5, 30, tzinfo=UTC)  # half past seven in Berlin


@pytest.fixture
def well(settings):
    """Return settings of a morning on which all has landed and is published."""
    land_all(settings, DAY)
    write_marts(settings.marts_file, "delete from trust.quality_result")
    return settings


def status(settings, at=MORNING):
    return read_status(settings, all_sources(), at)


def only(found):
    (trouble,) = found.troubles
    return trouble


def test_on_a_good_morning_there_is_nothing_to_say(well):
    found = status(well)

    assert found.troubles == ()
    assert found.is_well
    assert (found.build_id, found.as_of) == (BUILD, DAY)
    assert {reach.covered_until for reach in found.sources} == {day_bounds(DAY, well.zone)[1]}


def test_it_tells_the_last_window_the_last_build_and_what_its_gates_found(settings):
    land_all(settings, DAY)
    write_marts(settings.marts_file)

    found = status(settings)

    start, end = day_bounds(DAY, settings.zone)
    for reach in found.sources:
        assert (reach.window_start, reach.covered_until) == (start, end)
        assert reach.landed_at == end + timedelta(hours=5)
        assert reach.age_seconds == 7.5 * 3600
    assert (found.marts, found.rows, found.build_seconds) == (2, 12, 64.5)
    assert found.checks == {"held": 3, "warning": 1}


def test_a_stream_that_has_never_landed_keeps_its_source_from_having_a_last_window(well):
    for file in well.landing_root.glob("bank/statements/*/*.parquet"):
        file.unlink()

    bank, *others = status(well).sources

    assert (bank.source, bank.covered_until, bank.age_seconds) == ("bank", None, None)
    assert all(reach.covered_until for reach in others)


def test_what_has_landed_and_is_not_built_waits_in_the_queue(well):
    assert status(well).queue == ()  # the snapshot knows what had landed by 03:00

    at = datetime(2026, 4, 1, 3, 0, 0, 1, tzinfo=UTC)
    about = BatchAbout(source="hubspot", stream="deals", day=DAY, fetched_at=at, is_complete=True)
    rows = record_table(["1", "2"], [at, at], ["{}", "{}"], at)
    commit_batch(well.landing_root, about, rows)
    commit_batch(well.landing_root, replace(about, stream="owners"), rows)

    (waiting,) = status(well).queue

    assert waiting == Queued(source="hubspot", files=2, rows=4, since=at)


def test_marts_that_nobody_has_built_by_the_deadline_are_late(well):
    land_all(well, DAY + timedelta(days=1))
    tomorrow = MORNING + timedelta(days=1)

    late = only(status(well, tomorrow))

    assert late.entry == "Late marts"
    assert "expected as of 2026-04-01, came as of 2026-03-31" in late.what
    assert status(well, tomorrow - timedelta(hours=1)).is_well


def test_a_disk_s_files_are_counted_once_by_whatever_name(well):
    before = status(well).disk
    kept = well.marts_file.with_name("kept")
    kept.mkdir()
    os.link(well.marts_file, kept / "same.duckdb")
    (kept / "older.duckdb").write_bytes(b"x" * 1000)
    (well.landing_root / "bank" / "more").write_bytes(b"x" * 500)

    after = status(well).disk

    assert (before.snapshot, before.kept_snapshots) == (well.marts_file.stat().st_size, 0)
    assert (after.snapshot, after.kept_snapshots) == (before.snapshot, 1000)
    assert after.landing - before.landing == 500


def test_a_source_is_late_only_once_its_day_is_due(well):
    next_morning = MORNING + timedelta(days=1)

    assert status(well, next_morning - timedelta(hours=1)).is_well
    late = status(well, next_morning)

    assert [trouble.entry for trouble in late.troubles] == ["Late source"] * 3
    line = late.troubles[1].line(well.zone)
    assert line == (
        "hubspot is late: expected up to 2026-04-02 00:00, came up to 2026-04-01 00:00. Since "
        "2026-04-01 00:00. Affects all of pipeline. To do: `umlauf land hubspot` says why; then "
        "`umlauf build` (docs/runbook.md#late-source)"
    )


def test_a_failed_landing_says_why_instead_of_that_it_is_late(well):
    note(well, "land hubspot", SourceDenied("hubspot.deals: 403, scope missing."), MORNING)

    found = status(well, MORNING + timedelta(days=1))

    (why,) = (trouble for trouble in found.troubles if trouble.what.startswith("land hubspot"))
    assert why.line(well.zone) == (
        "land hubspot: SourceDenied: hubspot.deals: 403, scope missing. Since 2026-04-01 07:30. "
        "Affects all of pipeline. To do: renew the key or its scopes in the connection, then run "
        "again (docs/runbook.md#sourcedenied)"
    )
    assert not any(trouble.what.startswith("hubspot is late") for trouble in found.troubles)


def test_a_build_that_failed_says_as_of_when_the_marts_stay(well):
    note(well, "marts", CheckFailed("build x: 1 of 9 checks failed"), MORNING)

    trouble = only(status(well))

    assert trouble.marts == "all marts: they stay as of 2026-03-31"
    assert trouble.entry == "CheckFailed"


def test_an_error_of_another_kind_has_its_place_in_the_runbook_too(well):
    note(well, "marts", MemoryError("no"), MORNING)

    assert only(status(well)).anchor == "docs/runbook.md#any-other-error"


def test_warnings_and_a_grown_quarantine_are_notes_or_wrong(settings, well):
    settings.marts_file.unlink()
    rows = [(BUILD, 40, "2026-04-01"), ("older", 12, "2026-03-31")]
    write_marts(
        settings.marts_file,
        *(
            "insert into trust.build (build_id, mart, row_count, published_at) values "
            f"('{build}', 'trust.quarantine', {count}, timestamp '{day}')"
            for build, count, day in rows
        ),
    )

    grown, check = status(well).troubles

    assert "quarantine grew from 12 to 40 records" in grown.what
    assert "bank.files: no such format (2)" in grown.what
    assert (grown.marts, grown.is_wrong) == ("all of core", True)
    assert "check in_range(amount) of hubspot.deals did not hold: 7" in check.what
    assert (check.marts, check.is_wrong) == ("all of pipeline", False)


def test_who_is_at_work_is_told_and_is_wrong_when_it_hangs(well, monkeypatch):
    monkeypatch.setattr("os.getpid", lambda: 4711)
    with hold_lease(well.leases, "warehouse", 0):
        monkeypatch.undo()
        now = datetime.now(UTC)
        working = list(finders.of_leases(well, now))
        hanging = list(finders.of_leases(well, now + timedelta(hours=7)))

    assert "process 4711 is at work with the lease warehouse" in working[0].what
    assert [one.is_wrong for one in (*working, *hanging)] == [False, True]
    assert status(well).is_well


def test_a_disk_without_room_for_another_night_is_named(well, monkeypatch):
    usage = type("usage", (), {"free": 900_000_000})
    monkeypatch.setattr(finders.shutil, "disk_usage", lambda _: usage)

    trouble = only(status(well))

    assert "is nearly full: a night may need 1.0 GB, 0.9 GB are free" in trouble.what


def test_a_snapshot_that_cannot_be_read_or_is_not_there_is_said(well):
    well.marts_file.write_bytes(b"half a file" * 1000)
    assert only(status(well)).entry == "Damaged snapshot"

    well.marts_file.unlink()
    assert only(status(well)).entry == "No snapshot"


def test_a_landing_that_cannot_be_read_still_gets_a_status(well):
    file = next(well.landing_root.glob("odoo/*/*/*.parquet"))
    file.write_bytes(b"")

    trouble = only(status(well))

    assert file.name in trouble.what
    assert trouble.entry == "LandingDamaged"


def test_the_page_says_the_same_lines(well):
    note(well, "land hubspot", SourceDenied("<b>403</b>"), MORNING)

    page = write_report(well, at=MORNING).read_text()

    assert '<p class="trouble wrong">land hubspot: SourceDenied: &lt;b&gt;403&lt;/b&gt;' in page
    assert page.count('class="trouble') == len(status(well).troubles) == 1


def test_machines_get_the_same_as_json(well, monkeypatch):
    monkeypatch.setenv("UMLAUF_HOME", str(well.home))

    done = CliRunner().invoke(umlauf, ["status", "--json"])

    stated = json.loads(done.stdout)
    assert done.exit_code == 1  # by today's date all three are late
    assert stated["is_well"] is False
    assert {one["runbook"] for one in stated["troubles"]} == {"docs/runbook.md#late-source"}
    assert stated["as_of"] == "2026-03-31"
    assert stated["disk"]["snapshot"] == well.marts_file.stat().st_size


def test_people_get_it_on_one_screen(well, monkeypatch):
    monkeypatch.setenv("UMLAUF_HOME", str(well.home))

    lines = CliRunner().invoke(umlauf, ["status"]).stdout.splitlines()

    assert [line.split()[0] for line in lines[:9]] == [
        "published", "as", "last", "gates", "bank", "hubspot", "odoo", "queue", "disk",
    ]  # fmt: skip
    assert lines[2] == "last build  2 marts, 12 rows, dbt took 64 s"
    assert "last window since 2026-03-31 00:00, landed 2026-04-01 05:00" in lines[4]
    assert lines[7] == "queue       nothing waits to be built"
