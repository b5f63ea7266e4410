"""The REST client against answers as Airflow 3.3.2 gives them, over real HTTP."""

import json
import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from umlauf.errors import UmlaufError
from umlauf.local.airflow_api import AirflowApi, RunState, TaskState

pytestmark = pytest.mark.integration

SINCE = datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.fixture
def airflow():
    """Return a client, and the answers by method and path that its server gives."""
    answers = {}

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answers.setdefault("asked", []).append((self.command, self.path))
            status, body = answers.get((self.command, self.path), (404, {"detail": "no such path"}))
            body = body(json.loads(sent)) if callable(body) else body
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names http.server calls

        def log_message(self, *_):
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield AirflowApi(server.server_port, "secret"), answers
        server.shutdown()


def run(run_id, end_date, start_date="2026-11-23T13:00:00Z"):
    return {
        "dag_id": "marts", "dag_run_id": run_id, "state": "queued", "start_date": start_date,
        "end_date": end_date, "partition_key": "2026-11-22",
    }  # fmt: skip


def test_runs_of_an_earlier_platform_count_only_if_they_had_not_ended_with_it(airflow):
    api, answers = airflow
    runs = [
        run("new", "2026-11-23T14:00:05Z"),
        run("queued", None, start_date=None),
        run("resumed", None),
        run("old", "2026-11-23T13:00:00Z"),
    ]
    answers["GET", "/api/v2/dags/~/dagRuns?limit=100&order_by=-id"] = (200, {"dag_runs": runs})

    assert [found.run_id for found in api.runs(SINCE)] == ["resumed", "queued", "new"]


def test_a_refusal_names_the_path_and_quotes_airflow(airflow):
    api, _ = airflow

    with pytest.raises(UmlaufError, match=r"GET /api/v2/importErrors: 404 .*no such path"):
        api.import_errors()


def test_a_pool_that_exists_is_left_as_it_is(airflow):
    api, answers = airflow
    answers["POST", "/api/v2/pools"] = (409, {"detail": "exists"})

    api.make_pool("landing", 4, "")


def a_task(state):
    return TaskState(
        dag_id="d", run_id="r", task_id="t", state=state, attempt=1, seconds=1,
        started=None, ended=None,
    )  # fmt: skip


def test_a_log_is_told_without_airflow_s_grouping_and_with_the_error(airflow):
    api, answers = airflow
    task = a_task("failed")
    error = {"exc_type": "CheckFailed", "exc_value": "2 rows"}
    content = [
        {"event": "::group::Pre Execute"},
        {"event": "reading", "level": "info"},
        {"event": "Task failed", "level": "error", "error_detail": [error]},
    ]
    path = "/api/v2/dags/d/dagRuns/r/taskInstances/t/logs/1?full_content=true"
    answers["GET", path] = (200, {"content": content})

    assert api.log(task) == ["INFO    reading", "ERROR   Task failed", "CheckFailed: 2 rows"]


def test_a_task_is_cleared_by_itself(airflow):
    api, answers = airflow
    heard = []
    answers["POST", "/api/v2/dags/d/clearTaskInstances"] = (200, lambda sent: heard.append(sent))

    api.clear(a_task("up_for_retry"))

    assert heard == [{"dry_run": False, "only_failed": False, "dag_run_id": "r", "task_ids": ["t"]}]


def test_a_backfill_ends_the_one_that_an_earlier_platform_was_stopped_in(airflow):
    api, answers = airflow
    listed = "/api/v2/backfills?dag_id=land_bank&limit=100&order_by=-id"
    begun = [{"id": 2, "completed_at": None}, {"id": 1, "completed_at": "2026-11-23T14:00:00Z"}]
    answers["GET", listed] = (200, {"backfills": begun})
    answers["PUT", "/api/v2/backfills/2/cancel"] = (200, {})
    answers["POST", "/api/v2/backfills"] = (200, {})

    api.backfill("land_bank", date(2026, 11, 21), date(2026, 11, 22))

    assert answers["asked"] == [
        ("GET", listed),
        ("PUT", "/api/v2/backfills/2/cancel"),
        ("POST", "/api/v2/backfills"),
    ]


def test_more_tasks_than_one_page_holds_are_all_seen(airflow):
    """A platform restarted in the middle of a night finds the runs of before beside its own."""
    api, answers = airflow
    names = [f"task_{number}" for number in range(230)]

    def page(asked):
        start = asked["page_offset"]
        return {"task_instances": [instance(name) for name in names[start:][: asked["page_limit"]]]}

    answers["POST", "/api/v2/dags/~/dagRuns/~/taskInstances/list"] = (200, page)
    runs = [RunState(dag_id="marts", run_id="new", partition_key="2026-11-22", state="running")]

    assert [task.task_id for task in api.tasks(runs)] == names


def instance(name):
    return {
        "dag_id": "marts", "dag_run_id": "new", "task_id": name, "state": "success",
        "try_number": 1, "duration": 1.0,
        "start_date": "2026-11-23T14:00:04Z", "end_date": "2026-11-23T14:00:05Z",
    }  # fmt: skip
