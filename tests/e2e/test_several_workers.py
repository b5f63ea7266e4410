"""Two Celery workers, a real Redis and PostgreSQL: each worker is lost once, and the night ends.

Lost means: every process of it is killed at once, as when a machine loses its power.
"""

import contextlib
import shutil
import signal
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psutil
import pytest
from tests.e2e.driving import free_ports, umlauf, wait_until
from tests.e2e.standing import ask, contents, landed_batches, landed_days, processes_of

from umlauf.landing.lease import leases_held
from umlauf.local.airflow_api import FINISHED
from umlauf.local.board import Board
from umlauf.local.platform import Platform
from umlauf.local.record import read_record, request_file
from umlauf.local.redis import PROGRAM
from umlauf.sandbox.serve import running
from umlauf.sandbox.serve.connections import connections
from umlauf.settings import load_settings

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"no {PROGRAM} on this machine"),
]
SCALE = 0.05
DAGS = ("land_bank", "land_hubspot", "land_odoo", "marts")
QUIET_SECONDS = 5  # the scheduler makes a run of a landing's news in its next round


@pytest.fixture(scope="module")
def home():
    folder = Path(tempfile.mkdtemp(prefix="umlauf-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as nobody
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def night(home):
    """Run a night whose workers are lost; return who was, who went on, and Airflow's last word."""
    home.mkdir()
    platform = Platform(load_settings(home=home), free_ports(), Board())
    platform.start(SCALE, is_staying=False, workers=2)
    try:
        platform.wait_ready(DAGS)
        began = datetime.now(UTC)
        for dag_id in DAGS:
            platform.api.set_paused(dag_id, is_paused=False)
        landing = lose_worker_of(home, "land_odoo", lambda: has_landed(home, "odoo", batches=5))
        come_back(home, landing[0])
        building = lose_worker_of(home, "warehouse", lambda: dbt_is_at_work(home))
        tasks = wait_for_the_end(platform.api, home, began)
        yield {"land_odoo": landing, "warehouse": building}, tasks
    finally:
        platform.stop()
    assert processes_of(home) == []


def test_another_worker_takes_up_what_the_lost_one_did(night):
    lost, _ = night

    for first, second in lost.values():
        assert {first, second} == {"worker-1", "worker-2"}


def test_each_task_ends_well_and_those_of_lost_workers_are_tried_again(night):
    _, tasks = night

    (landing,) = [task for task in tasks if task.dag_id == "land_odoo"]
    builds = [task for task in tasks if task.task_id == "build" and task.state == "success"]
    assert {task.state for task in tasks} <= {"success", "skipped"}
    assert landing.attempt == 2
    assert [task.attempt for task in builds] in ([2], [3])  # 3: it waited on the first one lost
    after = ("check", "publish", "report")
    assert {task.attempt for task in tasks if task.task_id in after and task.attempt} == {1}


def test_the_night_is_published_once(night, home):
    assert ask(home, "select count(distinct build_id) from trust.build") == [(1,)]


def test_nothing_is_left_behind(night, home):
    assert [file for file in home.rglob("*") if ".partial" in file.name] == []
    assert list((home / "warehouse").glob("*.tmp")) == []


def test_landing_and_marts_are_those_of_a_night_in_which_nothing_happened(night, home):
    second = home.parent / "undisturbed"
    second.mkdir()
    shutil.copytree(home / "sandbox", second / "sandbox")
    (day,) = landed_days(home)

    with running(second) as at:
        done = umlauf(second, "nightly", "--day", day, **connections(at))

    assert done.returncode == 0, done.stderr[-3000:]
    assert landed_versions(home) == landed_versions(second)
    assert contents(home) == contents(second)


def lose_worker_of(home, lease, is_midway):
    """Kill the worker that holds the lease in the middle of it; return it and who holds it next."""
    worker = wait_until(lambda: is_midway() and holder(home, lease), every=0.05)
    kill_all_of(read_record(home).components[worker].pid)
    assert holder(home, lease) is None
    return worker, wait_until(lambda: holder(home, lease))


def holder(home, lease):
    """Return the name of the worker one of whose processes holds the lease."""
    record = read_record(home)
    workers = {record.components[name].pid: name for name in record.workers()}
    owners = (held.pid for held in leases_held(home / "leases") if held.name == lease)
    with contextlib.suppress(psutil.NoSuchProcess):
        for parent in (one for pid in owners for one in psutil.Process(pid).parents()):
            if parent.pid in workers:
                return workers[parent.pid]
    return None


def kill_all_of(pid):
    top = psutil.Process(pid)
    for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first: none sees another one die
        for process in [top, *top.children(recursive=True)]:
            process.send_signal(number)
    psutil.wait_procs([top])


def come_back(home, worker):
    request_file(home, worker).touch()
    wait_until(lambda: read_record(home).components[worker].state == "ready")


def has_landed(home, source, batches):
    return sum(file.parts[-4] == source for file in landed_batches(home)) >= batches


def dbt_is_at_work(home):
    return any("dbt" in word for words in processes_of(home / "warehouse") for word in words)


def wait_for_the_end(api, home, began):
    """Return the tasks once the marts are there and nothing has been under way for a while."""
    wait_until((home / "marts" / "marts.duckdb").exists, seconds=1800)
    quiet = 0
    while quiet < QUIET_SECONDS:
        wait_until(lambda: all(run.state in FINISHED for run in api.runs(began)))
        time.sleep(1)
        quiet = quiet + 1 if all(run.state in FINISHED for run in api.runs(began)) else 0
    return api.tasks(api.runs(began))


def landed_versions(home):
    """Return how many versions of records there are by source and stream.

    Rows there may be more: what is read whole is read again by the try after a loss.
    """
    files = f"{home}/landing/*/*/day=*/*.parquet"
    return duckdb.sql(
        "select regexp_extract(filename, '/landing/(.+)/day=', 1) as stream,"
        f" count(distinct (record_key, record_version)) from read_parquet('{files}', filename=true)"
        " where stream not like 'umlauf/%' group by all order by all"
    ).fetchall()
