import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.quality.small_build import AT, BUILD_ID, DAY, make_build
from umlauf.errors import LeaseLost, NothingLanded
from umlauf.landing.own_records import BUILDS, land_own, own_files
from umlauf.publish.snapshot import publish_build
from umlauf.settings import load_settings
from umlauf.warehouse.build import build_new

pytestmark = pytest.mark.integration

OTHER = "20260402T030000Z-fedcba9876"
THIRD = "20260403T030000Z-0f0f0f0f0f"


@pytest.fixture
def build(settings, tmp_path):
    return make_build(settings, tmp_path / "expectations")


def publish(build, build_id=BUILD_ID, at=AT):
    return publish_build(build.settings, build_id, at=at)


def ask(file, sql):
    with duckdb.connect(file, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_file_is_written_for_clients_of_duckdb_1_4(build):
    found = ask(
        publish(build),
        "select tags['storage_version'] from duckdb_databases() where path is not null",
    )

    assert found == [("v1.4.0+",)]


def test_every_table_and_column_has_a_comment(build):
    file = publish(build)

    assert ask(file, "select table_name from duckdb_tables() where comment is null") == []
    assert (
        ask(file, "select view_name from duckdb_views() where not internal and comment is null")
        == []
    )
    found = "select table_name, column_name from duckdb_columns() where not internal and "
    assert ask(file, found + "comment is null") == []
    assert ask(file, "select comment from duckdb_tables() where table_name = 'fct_deal'") == [
        ("One row per fct_deal; it's for 'tests'.",)
    ]


def test_every_row_of_every_table_carries_the_build(build):
    file = publish(build)
    names = ask(
        file,
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema not in ('main', 'information_schema')",
    )

    assert len(names) == 9
    for (name,) in names:
        assert ask(file, f"select distinct build_id from {name}") == [(BUILD_ID,)], name


def test_views_work_in_the_snapshot_without_the_warehouse(build):
    file = publish(build)
    build.settings.warehouse_file.unlink()

    assert ask(file, "select deal_id, rank from pipeline.fct_deal_daily") == [(1, 7)]


def test_the_build_says_what_it_published(build):
    file = publish(build)

    asked = "select mart, row_count, as_of_date::varchar, published_at::varchar from trust.build"
    assert ask(file, f"{asked} order by mart") == [
        ("core.dim_date", 1, "2026-03-31", "2026-04-01 03:00:00"),
        ("pipeline.fct_deal", 1, "2026-03-31", "2026-04-01 03:00:00"),
        ("pipeline.fct_deal_daily", 1, "2026-03-31", "2026-04-01 03:00:00"),
        ("trust.forecast_ledger", 1, "2026-03-31", "2026-04-01 03:00:00"),
    ]


def test_builds_before_stay_in_the_record(build):
    publish(build)
    build.state(OTHER)

    file = publish(build, OTHER, at=AT + timedelta(days=1))

    assert builds(file) == [BUILD_ID, OTHER]
    assert ask(file, "select distinct build_id from pipeline.fct_deal") == [(OTHER,)]


def test_publishing_twice_says_the_same(build):
    sql = "select * from trust.build order by mart"

    assert ask(publish(build), sql) == ask(publish(build), sql)


def test_a_build_that_is_gone_from_the_warehouse_is_not_published(build):
    before = publish(build).read_bytes()
    build.state(OTHER)

    with pytest.raises(LeaseLost, match=f"now holds {OTHER}"):
        publish(build)

    assert build.settings.marts_file.read_bytes() == before


def test_a_reader_keeps_the_version_it_has_open(build):
    file = publish(build)
    with duckdb.connect(file, read_only=True) as reader:
        build.state(OTHER)
        publish(build, OTHER)

        assert reader.execute("select build_id from core.dim_date").fetchall() == [(BUILD_ID,)]
    assert ask(file, "select build_id from core.dim_date") == [(OTHER,)]


def test_a_home_with_a_quote_in_its_name_is_published(tmp_path):
    build = make_build(load_settings(home=tmp_path / "it's" / "var"), tmp_path / "expectations")

    assert ask(publish(build), "select build_id from core.dim_date") == [(BUILD_ID,)]


def test_a_build_that_was_checked_twice_shows_the_last_run_s_results_once(build):
    result = {"build_id": BUILD_ID, "tool": "gx", "subject": "marts.fct_deal", "passed": True}
    root = build.settings.landing_root
    earlier = AT - timedelta(hours=1)
    land_own(root, "checks", DAY, {"first/1": result, "first/2": result}, earlier)
    land_own(root, "checks", DAY, {"second/1": result}, AT)

    file = publish(build, at=AT + timedelta(hours=2))

    assert ask(file, "select count(*) from trust.quality_result") == [(1,)]


def kill(build, build_id, step, call=1):
    """Publish in a process that is killed when it calls `step` for the `call`-th time."""
    arguments = [str(build.settings.home), build_id, step, str(call)]
    killed = subprocess.run([sys.executable, "-c", _KILLED, *arguments], check=False)
    assert killed.returncode == -9


def builds(file):
    return [name for (name,) in ask(file, "select distinct build_id from trust.build order by 1")]


def shown(file):
    return ask(file, "select build_id from core.dim_date")[0][0]


@pytest.mark.parametrize(
    "step", ["_copy", "write_comments", "_build_record", "own_rows", "write_own", "swap_in"]
)
def test_killed_at_any_step_it_leaves_the_old_file_and_the_next_run_cleans_up(build, step):
    file = publish(build)
    before = file.read_bytes()
    build.state(OTHER)

    kill(build, OTHER, f"publish.snapshot.{step}")

    assert file.read_bytes() == before
    assert len(list(file.parent.iterdir())) > 1
    publish(build, OTHER)
    assert {left.name for left in file.parent.iterdir()} == {file.name, "kept"}
    assert shown(file) == OTHER


def test_what_a_killed_publisher_left_of_its_record_is_gone_after_the_next(build):
    publish(build)
    (landed,) = own_files(build.settings.landing_root, "forecasts")
    half = Path(landed).with_suffix(".4711.partial")
    half.write_bytes(b"PAR1")

    publish(build)

    assert not half.exists()


@pytest.mark.parametrize(
    ("step", "call", "is_seen"),
    [
        ("publish.snapshot.write_own", 1, False),
        ("publish.snapshot.swap_in", 1, False),
        ("publish.kept.sync_folder", 1, False),
        ("publish.kept.sync_folder", 2, True),
        ("publish.snapshot.record_published", 2, True),
        ("warehouse.published.land_own", 1, True),
        ("storage.commit.sync_folder", 1, True),
    ],
)
def test_the_record_holds_the_builds_that_readers_saw_wherever_a_publisher_was_killed(
    build, step, call, is_seen
):
    publish(build)
    build.state(OTHER)
    kill(build, OTHER, step, call)
    assert shown(build.settings.marts_file) == (OTHER if is_seen else BUILD_ID)
    build.state(THIRD)

    file = publish(build, THIRD, at=AT + timedelta(days=2))

    assert builds(file) == [BUILD_ID, *([OTHER] if is_seen else []), THIRD]
    assert ask(file, "select distinct count(*) from trust.build group by build_id") == [(4,)]


def test_a_published_build_whose_record_is_missing_is_recorded_by_the_next_build(build):
    kill(build, BUILD_ID, "publish.snapshot.record_published", 2)
    assert not own_files(build.settings.landing_root, "builds")

    with pytest.raises(NothingLanded):
        build_new(build.settings, [])

    (landed,) = own_files(build.settings.landing_root, "builds")
    stated = duckdb.sql(BUILDS.format(records=f"read_parquet('{landed}')")).fetchall()
    assert sorted(stated) == ask(build.settings.marts_file, "from trust.build order by mart")


def forecasts(build):
    files = own_files(build.settings.landing_root, "forecasts")
    found = duckdb.sql(f"select record_key, payload, fetched_at from read_parquet({files})")
    return found.fetchall()


def test_what_readers_saw_forecast_is_landed_once_and_never_changed(build):
    publish(build)
    (record,) = forecasts(build)
    build.state(OTHER)

    publish(build, OTHER, at=AT + timedelta(days=2))

    assert forecasts(build) == [record]
    key, payload, _ = record
    assert key == "2026-04-01 03:00:00/cash/all/1"
    assert json.loads(payload) == {
        "known_on": "2026-04-01 03:00:00", "forecast_date": "2026-03-31", "forecast": "cash",
        "series": "all", "horizon": 1, "target_from_date": "2026-04-01",
        "target_to_date": "2026-04-07", "p10": "1.5000", "p50": "2.0000", "p90": "3.0000",
        "baseline": None,
    }  # fmt: skip


@pytest.mark.parametrize("call", [1, 2])
def test_forecasts_of_a_publisher_that_was_killed_are_landed_by_the_next(build, call):
    kill(build, BUILD_ID, "warehouse.published.land_own", call)
    build.state(OTHER)

    publish(build, OTHER, at=AT + timedelta(days=2))

    assert [key for key, *_ in forecasts(build)] == ["2026-04-01 03:00:00/cash/all/1"]


def test_a_build_that_failed_its_gate_is_in_the_results_and_not_among_the_builds(build):
    result = {"build_id": OTHER, "tool": "gx", "subject": "marts.fct_deal", "passed": False}
    land_own(build.settings.landing_root, "checks", DAY, {f"{OTHER}/1": result}, AT)

    file = publish(build)

    assert ask(file, "select build_id, is_passed from trust.quality_result") == [(OTHER, False)]
    assert builds(file) == [BUILD_ID]


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from importlib import import_module
from umlauf.publish.snapshot import publish_build
from umlauf.settings import load_settings

home, build_id, step, call = sys.argv[1:]
module, _, name = f"umlauf.{step}".rpartition(".")
module = import_module(module)
kept, calls = getattr(module, name), []

def counted(*arguments, **named):
    calls.append(name)
    if len(calls) == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*arguments, **named)

setattr(module, name, counted)
publish_build(load_settings(home=home), build_id, at=datetime(2026, 4, 2, 3, tzinfo=UTC))
"""
