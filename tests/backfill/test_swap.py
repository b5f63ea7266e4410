"""What a backfill leaves alone until it is approved, and how it is taken over then."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.backfill.small_backfill import REQUEST, ask, backfilled, land, published, standing
from tests.quality.small_build import AT, BUILD_ID
from umlauf.backfill.run import build, check, show_difference, swap
from umlauf.backfill.staging import discard, files_below, landed_since, open_staging, staged
from umlauf.errors import CheckFailed, LeaseBusy, LeaseLost
from umlauf.landing.incidents import MARTS, note, open_incidents
from umlauf.landing.lease import hold_lease
from umlauf.publish.kept import roll_back
from umlauf.publish.snapshot import publish_build
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import landed_build_id

pytestmark = pytest.mark.integration

LATER = AT + timedelta(hours=3)
NIGHT = "20260402T030000Z-fedcba9876"


@pytest.fixture
def ready(settings, tmp_path):
    """A published build, and a backfill that waits for its answer; its settings and build id."""
    published(settings, tmp_path)
    _, build_id = backfilled(settings, tmp_path)
    return settings, build_id


def test_until_it_is_approved_nights_and_readers_know_nothing_of_it(settings, tmp_path):
    published(settings, tmp_path)
    places = settings.landing_root, settings.warehouse, settings.marts_file.parent
    before = contents(places)

    _, build_id = backfilled(settings, tmp_path)
    show_difference(settings, build_id)

    assert contents(places) == before


def contents(folders):
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    return {file: file.read_bytes() for file in files}


def test_the_difference_says_what_readers_would_see(ready):
    settings, build_id = ready

    difference = show_difference(settings, build_id)

    (deals,) = difference.marts
    assert deals.mart == "pipeline.fct_deal"
    assert [str(one.moved) for one in deals.money()] == ["4.00"]
    assert (settings.reports / "backfills" / f"{build_id}.json").exists()


def test_the_swap_takes_over_batches_warehouse_and_snapshot(ready):
    settings, build_id = ready

    swap(settings, build_id, BUILD_ID, clock=lambda: LATER)

    assert ask(settings) == [(build_id, "9.00")]
    assert standing(settings) == build_id
    assert landed_build_id(settings, all_sources()) == build_id
    assert (settings.landing_root / "bank/files/day=2026-03-28/0a.bin").read_bytes() == b"statement"
    assert not any(Path(str(file)).is_symlink() for file in settings.landing_root.rglob("*"))
    assert files_below(staged(settings).home).isdisjoint({"request.json"})
    assert ask(settings, "select distinct build_id from trust.build order by published_at") == [
        (BUILD_ID,), (build_id,)
    ]  # fmt: skip


def test_one_can_return_from_it(ready):
    settings, build_id = ready
    swap(settings, build_id, BUILD_ID, clock=lambda: LATER)

    assert roll_back(settings) == BUILD_ID

    assert ask(settings) == [(BUILD_ID, "5.00")]


def test_a_night_that_landed_meanwhile_is_not_overwritten(ready):
    settings, build_id = ready
    land(settings, "5", at=AT + timedelta(hours=2))

    with pytest.raises(LeaseLost, match=r"1 files have landed since.*Run it again"):
        swap(settings, build_id, BUILD_ID)

    assert ask(settings) == [(BUILD_ID, "5.00")]
    assert standing(settings) == BUILD_ID
    assert landed_since(settings)


def test_a_note_of_our_own_that_lands_meanwhile_does_not_hold_it_up(ready):
    settings, build_id = ready
    note(settings, MARTS, CheckFailed("dbt: 1 of 9 models failed"), AT)

    swap(settings, build_id, BUILD_ID, clock=lambda: LATER)

    assert ask(settings) == [(build_id, "9.00")]
    assert open_incidents(settings) == []


def test_after_such_a_night_it_begins_anew(ready):
    settings, _ = ready
    land(settings, "5", at=AT + timedelta(hours=2))

    open_staging(settings, REQUEST)

    assert landed_since(settings) == []
    assert all(file.is_symlink() for file in staged(settings).landing_root.rglob("*.parquet"))
    assert not staged(settings).warehouse.exists()


def test_a_build_published_meanwhile_makes_the_difference_untrue(ready, tmp_path):
    settings, build_id = ready
    file = settings.warehouse / "build.json"
    file.write_text(file.read_text().replace(BUILD_ID, NIGHT))
    publish_build(settings, NIGHT, at=LATER)

    with pytest.raises(LeaseLost, match=f"expected the published build {BUILD_ID}, it is {NIGHT}"):
        swap(settings, build_id, BUILD_ID)


def test_models_or_settings_changed_since_the_build_are_noticed(ready):
    settings, build_id = ready
    changed = settings.model_copy(update={"reporting_currency": "CHF"})

    with pytest.raises(LeaseLost, match="expected the build"):
        swap(changed, build_id, BUILD_ID)


def test_a_record_erased_while_it_waits_is_not_brought_back(ready):
    """Staged landing links, and does not copy: what is rewritten is another build."""
    settings, build_id = ready
    (file,) = (settings.landing_root / "hubspot" / "deals").rglob("*.parquet")
    file.unlink()
    land(settings, "2")

    with pytest.raises(LeaseLost, match="expected the build"):
        swap(settings, build_id, BUILD_ID)


def test_one_backfill_at_a_time_and_nights_wait_for_the_swap(ready):
    settings, build_id = ready
    impatient = settings.model_copy(update={"lease_wait_seconds": 0.0})

    with hold_lease(settings.leases, "backfill", 0), pytest.raises(LeaseBusy, match="backfill"):
        build(impatient, REQUEST)
    with hold_lease(settings.leases, "warehouse", 0), pytest.raises(LeaseBusy, match="warehouse"):
        swap(impatient, build_id, BUILD_ID)
    assert ask(settings) == [(BUILD_ID, "5.00")]


def test_another_backfill_s_staging_is_left_alone(ready):
    settings, build_id = ready

    with pytest.raises(LeaseLost, match="another backfill"):
        build(settings, replace(REQUEST, names=("odoo",)))
    discard(settings)
    with pytest.raises(LeaseLost, match=f"{build_id}: the warehouse now holds None"):
        show_difference(settings, build_id)


def test_a_failed_gate_leaves_nights_and_readers_as_they_were(settings, tmp_path, monkeypatch):
    published(settings, tmp_path)
    before = files_below(settings.landing_root)
    small, build_id = backfilled(settings, tmp_path)
    small.expect(
        {"type": "expect_column_values_to_be_between", "severity": "critical",
         "kwargs": {"column": "amount", "max_value": 6}, "meta": {"why": "Tests."}},
        kind="marts", subject="fct_deal",
    )  # fmt: skip
    monkeypatch.setattr("umlauf.quality.gate.EXPECTATIONS", small.expectations)
    monkeypatch.setattr(
        "umlauf.quality.gate.check_build.__kwdefaults__", {"expectations": small.expectations}
    )

    with pytest.raises(CheckFailed, match="fct_deal"):
        check(settings, build_id, clock=lambda: LATER)

    assert files_below(settings.landing_root) == before
    assert ask(settings) == [(BUILD_ID, "5.00")]


STEPS = [
    ("backfill.adopt.landed_since", 1, False),
    ("backfill.adopt.commit_copy", 1, False),
    ("backfill.adopt.commit_copy", 2, False),
    ("storage.commit.sync_folder", 2, False),
    ("backfill.adopt._exchange", 1, False),
    ("backfill.adopt._exchange", 2, False),
    ("backfill.run.publish_build", 1, False),
    ("publish.snapshot._copy", 1, False),
    ("publish.snapshot.keep_snapshot", 1, False),
    ("publish.snapshot.swap_in", 1, False),
    ("publish.kept.sync_folder", 2, True),
    ("publish.snapshot.record_published", 2, True),
    ("backfill.run.discard", 1, True),
    ("backfill.staging._wipe", 1, True),
]


@pytest.mark.parametrize(("step", "call", "is_new"), STEPS)
def test_killed_at_any_step_readers_see_old_or_new_and_a_rerun_ends_the_same(
    ready, step, call, is_new
):
    settings, build_id = ready
    command = [sys.executable, "-c", _KILLED, str(settings.home), build_id, BUILD_ID]

    killed = subprocess.run([*command, step, str(call)], check=False)

    assert killed.returncode == -9
    seen = [(build_id, "9.00")] if is_new else [(BUILD_ID, "5.00")]
    assert ask(settings) == seen
    swap(settings, build_id, BUILD_ID, clock=lambda: LATER)
    assert ask(settings) == [(build_id, "9.00")]
    assert landed_build_id(settings, all_sources()) == build_id
    assert ask(settings, "select distinct build_id from trust.build order by published_at") == [
        (BUILD_ID,), (build_id,)
    ]  # fmt: skip
    left = {name.parts[0] for name in files_below(staged(settings).home)}
    assert left <= {"leases"}


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from importlib import import_module
from umlauf.backfill.run import swap
from umlauf.settings import load_settings

home, build_id, replaces, step, call = sys.argv[1:]
module, _, name = f"umlauf.{step}".rpartition(".")
module = import_module(module)
kept, calls = getattr(module, name), []

def counted(*arguments, **named):
    calls.append(name)
    if len(calls) == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*arguments, **named)

setattr(module, name, counted)
later = datetime(2026, 4, 1, 6, tzinfo=UTC)
swap(load_settings(home=home), build_id, replaces, clock=lambda: later)
"""
