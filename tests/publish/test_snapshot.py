import subprocess
import sys
from datetime import timedelta

import duckdb
import pytest

from tests.quality.small_build import AT, BUILD_ID, DAY, make_build
from umlauf.errors import LeaseLost
from umlauf.landing.own_records import land_own
from umlauf.publish.snapshot import publish_build
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

OTHER = "20260402T030000Z-fedcba9876"


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

    assert len(names) == 5
    for (name,) in names:
        assert ask(file, f"select distinct build_id from {name}") == [(BUILD_ID,)], name


def test_views_work_in_the_snapshot_without_the_warehouse(build):
    file = publish(build)
    build.settings.warehouse_file.unlink()

    assert ask(file, "select deal_id, rank from pipeline.fct_deal_daily") == [(1, 7)]


def test_the_build_says_what_it_published(build):
    file = publish(build)

    assert ask(
        file, "select mart, row_count, as_of_date::varchar from trust.build order by mart"
    ) == [
        ("core.dim_date", 1, "2026-03-31"),
        ("pipeline.fct_deal", 1, "2026-03-31"),
        ("pipeline.fct_deal_daily", 1, "2026-03-31"),
    ]


def test_builds_before_stay_in_the_record(build):
    publish(build)
    build.state(OTHER)

    file = publish(build, OTHER, at=AT + timedelta(days=1))

    assert ask(file, "select distinct build_id from trust.build order by 1") == [
        (BUILD_ID,),
        (OTHER,),
    ]
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
    land_own(root, "checks", DAY, {"first/1": result, "first/2": result}, AT)
    land_own(root, "checks", DAY, {"second/1": result}, AT + timedelta(hours=1))

    assert ask(publish(build), "select count(*) from trust.quality_result") == [(1,)]


@pytest.mark.parametrize(
    "step", ["_copy", "_comment", "_build_record", "land_own", "_write_own", "_swap"]
)
def test_killed_at_any_step_it_leaves_the_old_file_and_the_next_run_cleans_up(build, step):
    file = publish(build)
    before = file.read_bytes()
    build.state(OTHER)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(build.settings.home), OTHER, step], check=False
    )

    assert killed.returncode == -9
    assert file.read_bytes() == before
    assert len(list(file.parent.iterdir())) > 1
    publish(build, OTHER)
    assert [left.name for left in file.parent.iterdir()] == [file.name]
    assert ask(file, "select build_id from core.dim_date") == [(OTHER,)]


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from umlauf.publish import snapshot
from umlauf.settings import load_settings

home, build_id, step = sys.argv[1:]
setattr(snapshot, step, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
snapshot.publish_build(load_settings(home=home), build_id, at=datetime.now(UTC))
"""
