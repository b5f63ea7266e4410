"""The demo's nights in Airflow: history, then the last nights, by the schedule's own DAGs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from umlauf.errors import UmlaufError
from umlauf.landing.windows import NIGHT, business_day
from umlauf.local.airflow_api import BROKEN, FINISHED, AirflowApi, RunState, TaskState
from umlauf.local.board import Board, Step

_POLL_SECONDS = 1.0
_LOG_LINES = 25
_MARTS = "marts"


class StepFailed(UmlaufError):
    """A task failed; carries the end of its log."""

    def __init__(self, task: TaskState, log: Sequence[str]) -> None:
        reason = told_reason(log) or "see its log"
        super().__init__(f"{task.dag_id}.{task.task_id} {task.state}: {reason}")
        self.log = list(log[-_LOG_LINES:])


def told_reason(log: Sequence[str]) -> str | None:
    """Return why a task failed by its log; None if it was killed or lost before it could tell."""
    told = next((line for line in reversed(log) if "FAILED " in line), None)
    if told:
        return told.partition("FAILED ")[2].partition(": ")[2]
    raised = next((line for line in reversed(log) if "Error" in line), None)
    return raised.strip() if raised else None


def last_night(now: datetime, zone: ZoneInfo) -> date:
    """Return the newest business day whose night the schedule has come to by `now` (aware).

    Until then that is not yesterday: Airflow makes no run of it, and nobody may wait for one.
    """
    is_due = now.astimezone(zone).time() >= NIGHT
    return business_day(now, zone) - timedelta(days=0 if is_due else 1)


def start_nights(api: AirflowApi, sources: Sequence[str], nights: Sequence[date]) -> datetime:
    """Ask for these days of these sources, release the DAGs; return the moment before (aware).

    A DAG that has never run makes its last night by itself as soon as it is released; the days
    before come from a backfill, just as `airflow backfill create` makes them.
    """
    since = datetime.now(UTC) - timedelta(seconds=1)
    for name in sources:
        dag_id = f"land_{name}"
        is_made = api.has_scheduled_run(dag_id, nights[-1].isoformat())
        api.backfill(dag_id, nights[0], nights[-1] if is_made else nights[-2])
    for dag_id in (*(f"land_{name}" for name in sources), _MARTS):
        api.set_paused(dag_id, is_paused=False)
    return since


def has_built_all(landing: Sequence[TaskState], marts: Sequence[TaskState]) -> bool:
    """Whether a build of a finished run ended after the last landing: then it is all published."""
    landed = max(task.ended for task in landing if task.ended)
    return any(
        task.ended is not None and task.ended > landed for task in marts if task.task_id == "build"
    )


@dataclass
class Follower:
    """Watches the runs until all have ended and shows how far they are."""

    api: AirflowApi
    board: Board
    sources: Sequence[str]
    nights: Sequence[date]
    since: datetime
    seconds: dict[str, float] = field(default_factory=dict)
    _steps: dict[str, Step] = field(default_factory=dict)

    def follow(self, patience_seconds: float) -> None:
        """Return when every day has landed and its marts run has ended well.

        Raises:
            StepFailed: a task failed, or told a failure and waits for a retry.
            UmlaufError: still not done after the given time.
        """
        deadline = time.monotonic() + patience_seconds
        while not self._is_done(self.api.runs(self.since)):
            if time.monotonic() > deadline:
                raise UmlaufError(f"airflow: not done after {patience_seconds:g} s")
            time.sleep(_POLL_SECONDS)

    def _is_done(self, runs: Sequence[RunState]) -> bool:
        tasks = self.api.tasks(runs)
        for task in tasks:
            if task.state in BROKEN:
                self._judge(task, self.api.log(task))
        landed = [self._show_landing(name, runs, tasks) for name in self.sources]
        marts = [task for task in tasks if task.dag_id == _MARTS]
        if all(landed):  # until then `build` runs, but waits for the landings
            self._show_marts(marts)
        finished = {run.run_id for run in runs if run.dag_id == _MARTS and run.state == "success"}
        return all(landed) and has_built_all(
            [task for task in tasks if task.dag_id != _MARTS],
            [task for task in marts if task.run_id in finished],
        )

    def _judge(self, task: TaskState, log: Sequence[str]) -> None:
        """Raise for a task that failed; one that was only lost gets its retry.

        Lost are those an earlier platform was ended in, whatever they told then, and those whose
        process or worker went, or never began because the api-server was not up yet.
        """
        is_waiting = task.state == "up_for_retry"
        if is_waiting and task.started is not None and task.started < self.since:
            self.api.clear(task)
        elif not is_waiting or told_reason(log):
            raise StepFailed(task, log)

    def drain(self, patience_seconds: float) -> None:
        """Hold back the runs that would only skip; wait for one that has begun."""
        self.api.set_paused(_MARTS, is_paused=True)
        deadline = time.monotonic() + patience_seconds
        while time.monotonic() < deadline:
            tasks = self.api.tasks(
                [run for run in self.api.runs(self.since) if run.dag_id == _MARTS]
            )
            if not any(task.state in ("queued", "running", "scheduled") for task in tasks):
                return
            time.sleep(_POLL_SECONDS)

    def _show_landing(
        self, name: str, runs: Iterable[RunState], tasks: Iterable[TaskState]
    ) -> bool:
        dag_id = f"land_{name}"
        mine = [run for run in runs if run.dag_id == dag_id]
        # The schedule may come to another night meanwhile, which nobody waits for.
        asked = {night.isoformat() for night in self.nights}
        days = asked.intersection(run.partition_key for run in mine if run.state == "success")
        step = self._step(f"land {name}", [task for task in tasks if task.dag_id == dag_id])
        if step is None:
            return False
        step.detail = f"{len(days)} of {len(asked)} days"
        is_done = days == asked and all(run.state in FINISHED for run in mine)
        if is_done:
            self.board.end(step)
        return is_done

    def _show_marts(self, tasks: Sequence[TaskState]) -> None:
        for name in ("build", "check", "publish", "copy", "report"):
            mine = [task for task in tasks if task.task_id == name]
            step = self._step(f"{name} marts" if name != "report" else "morning page", mine)
            if step is not None and any(task.state == "success" for task in mine):
                self.board.end(step)

    def _step(self, name: str, tasks: Sequence[TaskState]) -> Step | None:
        """Open the step once one of its tasks runs; note the seconds of those that ended."""
        done = [task.seconds for task in tasks if task.state == "success"]
        self.seconds[name] = round(sum(done), 1)
        if name not in self._steps and any(task.state in ("running", "success") for task in tasks):
            self._steps[name] = self.board.begin(name)
        return self._steps.get(name)
