"""Airflow's public REST API, as far as the demo needs it.

https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import requests

from umlauf.errors import UmlaufError
from umlauf.local.credentials import USER
from umlauf.local.ports import HOST

_TIMEOUT = (5.0, 60.0)  # connect, read; seconds
_PAGE = 100  # the most Airflow gives at once
_PARTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
FINISHED = frozenset({"success", "failed"})
# The demo waits for no retry of a failure: its sources are on this machine.
BROKEN = frozenset({"failed", "upstream_failed", "up_for_retry"})


@dataclass(frozen=True, kw_only=True)
class TaskState:
    """One task of one run; state is Airflow's word, "" before it is scheduled."""

    dag_id: str
    run_id: str
    task_id: str
    state: str
    attempt: int
    seconds: float
    started: datetime | None
    ended: datetime | None


@dataclass(frozen=True, kw_only=True)
class RunState:
    """One DAG run."""

    dag_id: str
    run_id: str
    partition_key: str | None
    state: str


class AirflowApi:
    """A logged-in client of one Airflow."""

    def __init__(self, port: int, password: str) -> None:
        self._site = f"http://{HOST}:{port}"
        self._password = password
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy between us and 127.0.0.1

    def log_in(self) -> None:
        """Exchange the password for a token."""
        answer = self._call("POST", "/auth/token", {"username": USER, "password": self._password})
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def sick_parts(self) -> list[str]:
        """Return the parts of Airflow without a fresh heartbeat."""
        health = self._call("GET", "/api/v2/monitor/health")
        return [name for name in _PARTS if (health.get(name) or {}).get("status") != "healthy"]

    def dag_ids(self) -> set[str]:
        """Return the DAGs that Airflow has read, paused ones included."""
        answer = self._call("GET", "/api/v2/dags?exclude_stale=true&limit=100")
        return {dag["dag_id"] for dag in answer["dags"]}

    def import_errors(self) -> list[str]:
        """Return what was wrong with DAG files: file and last line of the traceback."""
        answer = self._call("GET", "/api/v2/importErrors")
        return [
            f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}"
            for error in answer["import_errors"]
        ]

    def set_paused(self, dag_id: str, *, is_paused: bool) -> None:
        """Pause or release one DAG."""
        self._call("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": is_paused})

    def make_pool(self, name: str, slots: int, description: str) -> None:
        """Create a pool; one that exists keeps the slots it has been given."""
        body = {"name": name, "slots": slots, "description": description}
        self._call("POST", "/api/v2/pools", body, allowed=(409,))

    def backfill(self, dag_id: str, first: date, last: date) -> None:
        """Do what `airflow backfill create` does: one run per day, landed days once more.

        Airflow runs one backfill of a DAG at a time: one that an earlier platform was stopped in
        is ended first.
        """
        left = self._call("GET", f"/api/v2/backfills?dag_id={dag_id}&limit=100&order_by=-id")
        for begun in left["backfills"]:
            if begun["completed_at"] is None:
                self._call("PUT", f"/api/v2/backfills/{begun['id']}/cancel", allowed=(409,))
        body = {
            "dag_id": dag_id,
            "from_date": f"{first}T00:00:00Z",  # Airflow takes them as wall time of the schedule
            "to_date": f"{last}T23:59:59Z",
            "reprocess_behavior": "completed",
            "max_active_runs": 4,
        }
        self._call("POST", "/api/v2/backfills", body)

    def trigger(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        """Start a run with these parameters, as *Trigger* in the UI does; return its id."""
        body = {"logical_date": None, "conf": conf}
        return str(self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def answer(self, dag_id: str, run_id: str, task_id: str, option: str) -> None:
        """Answer what a task asks people."""
        task = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1"
        body = {"chosen_options": [option], "params_input": {}}
        self._call("PATCH", f"{task}/hitlDetails", body)

    def run(self, dag_id: str, run_id: str) -> RunState:
        """Return one run."""
        run = self._call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")
        return _run_state(run)

    def has_scheduled_run(self, dag_id: str, partition_key: str) -> bool:
        """Whether the schedule itself has made the run of this day."""
        path = f"/api/v2/dags/{dag_id}/dagRuns?run_type=scheduled&limit=50&order_by=-run_after"
        return any(
            run.get("partition_key") == partition_key for run in self._call("GET", path)["dag_runs"]
        )

    def runs(self, since: datetime) -> list[RunState]:
        """Return the runs that ended at or after `since` (aware) or have yet to, oldest first.

        Among them are those that an earlier platform was stopped in: Airflow resumes them, and
        keeps the moment they first began.
        """
        answer = self._call("GET", "/api/v2/dags/~/dagRuns?limit=100&order_by=-id")
        return [
            _run_state(run)
            for run in reversed(answer["dag_runs"])
            if not run["end_date"] or datetime.fromisoformat(run["end_date"]) >= since
        ]

    def tasks(self, runs: Sequence[RunState]) -> list[TaskState]:
        """Return the tasks of these runs, in few requests: tasks need the api-server as well."""
        found: list[dict[str, Any]] = []
        body: dict[str, Any] = {"dag_run_ids": [run.run_id for run in runs], "page_limit": _PAGE}
        is_more = bool(runs)
        while is_more:
            body["page_offset"] = len(found)
            answer = self._call("POST", "/api/v2/dags/~/dagRuns/~/taskInstances/list", body)
            found += answer["task_instances"]
            is_more = len(answer["task_instances"]) == _PAGE
        return [
            TaskState(
                dag_id=task["dag_id"],
                run_id=task["dag_run_id"],
                task_id=task["task_id"],
                state=task["state"] or "",
                attempt=task["try_number"],
                seconds=task["duration"] or 0.0,
                started=_moment(task["start_date"]),
                ended=_moment(task["end_date"]),
            )
            for task in found
        ]

    def clear(self, task: TaskState) -> None:
        """Have a task run again at once, as *Clear* in the UI does, and not after its delay."""
        body = {
            "dry_run": False,
            "only_failed": False,
            "dag_run_id": task.run_id,
            "task_ids": [task.task_id],
        }
        self._call("POST", f"/api/v2/dags/{task.dag_id}/clearTaskInstances", body)

    def log(self, task: TaskState) -> list[str]:
        """Return the task's log as text lines, without Airflow's own grouping."""
        path = (
            f"/api/v2/dags/{task.dag_id}/dagRuns/{task.run_id}/taskInstances/{task.task_id}"
            f"/logs/{max(task.attempt, 1)}?full_content=true"
        )
        lines = self._call("GET", path).get("content") or []
        events = [line if isinstance(line, str) else _log_line(line) for line in lines]
        return [line for event in events if "::" not in event[:24] for line in event.splitlines()]

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> dict[str, Any]:
        answer = self._http.request(method, self._site + path, json=body, timeout=_TIMEOUT)
        if not answer.ok and answer.status_code not in allowed:
            raise UmlaufError(f"airflow: {method} {path}: {answer.status_code} {answer.text[:300]}")
        parsed: dict[str, Any] = answer.json()
        return parsed


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _run_state(run: Mapping[str, Any]) -> RunState:
    return RunState(
        dag_id=run["dag_id"],
        run_id=run["dag_run_id"],
        partition_key=run.get("partition_key"),
        state=run["state"],
    )


def _log_line(event: Mapping[str, Any]) -> str:
    level = str(event.get("level", "")).upper()
    text = str(event.get("event", ""))
    details = event.get("error_detail") or []
    raised = [f"{item.get('exc_type')}: {item.get('exc_value')}" for item in details]
    return "\n".join([f"{level:<7} {text}", *raised])
