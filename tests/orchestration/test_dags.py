"""The DAGs as Airflow reads them."""

import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from umlauf.orchestration.enabled import enabled_sources
from umlauf.orchestration.pools import POOLS, WAREHOUSE
from umlauf.settings import PROJECT, load_settings

pytestmark = pytest.mark.integration
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def dags():
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(PROJECT / "dags"))
    assert bag.import_errors == {}
    return bag.dags


def test_there_is_one_dag_per_enabled_source_two_for_the_marts_and_one_to_backfill(dags):
    names = {f"land_{source.name}" for source in enabled_sources(load_settings())}

    assert names >= {"land_hubspot", "land_odoo", "land_bank"}
    assert set(dags) == {*names, "marts", "marts_deadline", "backfill"}


def test_every_dag_has_owner_tags_a_runbook_and_a_limit(dags):
    for dag in dags.values():
        assert dag.doc_md and len(dag.doc_md) > 200, dag.dag_id  # noqa: PT018 - one fact
        assert dag.tags, dag.dag_id
        assert dag.dagrun_timeout, dag.dag_id
        assert not dag.catchup, dag.dag_id
        assert all(task.owner not in ("", "airflow") for task in dag.tasks), dag.dag_id


def test_every_task_has_a_pool_a_timeout_retries_and_someone_who_is_told(dags):
    pools = {pool.name for pool in POOLS}

    for task in (task for dag in dags.values() for task in dag.tasks):
        assert task.pool in pools, task
        assert task.execution_timeout, task
        assert task.retries >= 1, task
        assert task.retry_policy is not None, task
        assert task.on_failure_callback, task


def test_the_marts_go_through_build_check_publish_report(dags):
    for name in ("marts", "marts_deadline"):
        order = [task.task_id for task in dags[name].topological_sort()]

        assert order == ["build", "check", "publish", "report"]
        assert dags[name].max_active_runs == 1
        assert {task.pool for task in dags[name].tasks} == {WAREHOUSE.name}


def test_copies_and_shares_are_made_even_when_nothing_is_new(tmp_path):
    from umlauf.orchestration.marts import deadline_dag

    (tmp_path / "acme.yml").touch()
    dag = deadline_dag(load_settings(parquet_copy=tmp_path, shares=tmp_path), "doc")

    for name in ("copy", "share"):
        assert dag.get_task(name).upstream_task_ids == {"publish"}
        assert dag.get_task(name).trigger_rule == "none_failed"


def test_a_backfill_asks_between_comparing_and_checking_and_only_then_swaps(dags):
    backfill = dags["backfill"]
    order = [task.task_id for task in backfill.topological_sort()]

    assert order == [
        "plan", "fetch", "build", "compare", "approve", "check", "swap", "report"
    ]  # fmt: skip
    assert backfill.max_active_runs == 1
    assert not backfill.is_paused_upon_creation


def test_a_backfill_that_nobody_answers_is_not_published(dags):
    approve = dags["backfill"].get_task("approve")

    assert approve.defaults == ["Reject"]
    assert approve.response_timeout
    assert {task.trigger_rule for task in dags["backfill"].tasks if task.task_id != "build"} == {
        "all_success"
    }


def test_only_one_day_of_a_source_lands_at_a_time(dags):
    for name, dag in dags.items():
        if name.startswith("land_"):
            assert [task.max_active_tis_per_dag for task in dag.tasks] == [1]


def test_any_source_wakes_the_marts(dags):
    from airflow.sdk import AssetAny

    condition = dags["marts"].timetable.asset_condition
    wanted = {f"raw_{source.name}" for source in enabled_sources(load_settings())}

    assert isinstance(condition, AssetAny)
    assert {asset.name for asset in condition.objects} == wanted


def test_each_night_of_the_year_lands_the_day_before_clock_changes_included(dags):
    from airflow.serialization.decoders import decode_timetable
    from airflow.serialization.encoders import encode_timetable
    from airflow.timetables.base import TimeRestriction

    timetable = decode_timetable(encode_timetable(dags["land_odoo"].timetable))
    year = TimeRestriction(
        datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC), True
    )
    info, keys = None, []
    while info := timetable.next_dagrun_info_v2(last_dagrun_info=info, restriction=year):
        local = info.run_after.astimezone(BERLIN)
        assert (local.hour, local.minute) == (4, 30)
        assert (local.date() - datetime.fromisoformat(info.partition_key).date()).days == 1
        keys.append(info.partition_key)

    assert len(keys) == len(set(keys)) == 364
    assert {"2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"} < set(keys)


def test_a_backfill_names_the_same_days_as_the_schedule(dags):
    from airflow.serialization.decoders import decode_timetable
    from airflow.serialization.encoders import encode_timetable

    timetable = decode_timetable(encode_timetable(dags["land_odoo"].timetable))
    infos = timetable.iter_partition_dagrun_infos(
        earliest=datetime(2026, 3, 28, tzinfo=UTC), latest=datetime(2026, 3, 30, 23, 59, tzinfo=UTC)
    )

    assert [info.partition_key for info in infos] == ["2026-03-28", "2026-03-29", "2026-03-30"]


def test_reading_the_dags_imports_nothing_heavy():
    code = (
        "import sys; sys.path[:0] = ['dags', 'plugins']; import backfill, land, marts, tenants; "
        "print(*{'pandas', 'dbt', 'great_expectations', 'altair'}.intersection(sys.modules))"
    )
    read = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert read.stdout.split() == []
