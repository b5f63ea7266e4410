"""In place of Airflow's scheduler and workers: its loop over the product's own DAG objects.

Real are the DAGs with their timetables, tasks, retries, retry policy and failure callback, and what
the tasks call. Only when a run is created, which try comes next and when is decided here, as the
documentation of Airflow 3.3 has it.
"""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from airflow.sdk import RetryAction
from airflow.sdk.exceptions import AirflowSkipException
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable
from airflow.timetables.base import TimeRestriction

from umlauf.orchestration.land import land_dag
from umlauf.orchestration.marts import deadline_dag, marts_dag
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources

log = logging.getLogger(__name__)
LOOK_SECONDS = 600.0  # at most: somebody may set the clock
NOTICED_SECONDS = 300.0  # until a task without heartbeat is taken for dead
START_SECONDS = 5.0


@dataclass(frozen=True)
class Try:
    """One try of a task, from when to when (real time), and what it returned or raised."""

    task: str
    begun: datetime
    ended: datetime
    how: str
    outcome: object


@dataclass
class Run:
    """One run of a DAG."""

    dag: object
    key: str | None = None
    state: str = "queued"
    tries: list[Try] = field(default_factory=list)


class Scheduler:
    """Creates runs when they are due and sees them through."""

    def __init__(self, timeline):
        self.timeline = timeline
        self.is_up, self.at_work = True, []  # the machine, and the processes on it
        self.runs, self.keys = [], []  # keys: of scheduled runs, as (DAG, day)
        sources, settings = all_sources(), load_settings()
        self.landing = {one.name: land_dag(one, settings) for one in sources}
        self.marts = marts_dag(sources, settings, "doc")
        self.deadline = deadline_dag(settings, "doc")
        every = (*self.landing.values(), self.marts, self.deadline)
        self._tasks = {dag.dag_id: list(dag.topological_sort()) for dag in every}
        self._free = {}
        for dag in (*self.landing.values(), self.deadline):
            self._keep_schedule(dag)

    def trigger(self, dag, key=None):
        """Start a run now, as a person does."""
        run = Run(dag, key)
        self.runs.append(run)
        self.timeline.start(lambda: self._see_through(run), START_SECONDS)
        return run

    def forget_ended(self):
        """Drop runs that are over."""
        self.runs = [run for run in self.runs if run.state in ("queued", "running")]

    def _keep_schedule(self, dag):
        timetable = decode_timetable(encode_timetable(dag.timetable))

        def following(last):
            now = self.timeline.now()
            restriction = TimeRestriction(last.run_after if last else now, None, False)
            if hasattr(timetable, "iter_partition_dagrun_infos"):
                return timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=restriction)
            return timetable.next_dagrun_info(
                last_automated_data_interval=last and last.data_interval, restriction=restriction
            )

        def keep():
            info = following(None)
            while True:
                due = datetime.fromtimestamp(info.run_after.timestamp(), UTC)  # pendulum is slow
                while (left := (due - self.timeline.now()).total_seconds()) > 0:
                    self.timeline.sleep(min(left, LOOK_SECONDS))
                if not self.is_up:
                    self.timeline.sleep(LOOK_SECONDS)
                    continue
                key = getattr(info, "partition_key", None)
                self.keys.append((dag.dag_id, key))
                self.trigger(dag, key)
                info = following(info)

        self.timeline.start(keep)

    def _see_through(self, run):
        """Run a run's tasks, one DAG's after the other: both kinds of DAG let one in at a time."""
        while self._free.get(run.dag.dag_id) not in (None, run):
            self.timeline.sleep(START_SECONDS)
        self._free[run.dag.dag_id] = run
        run.state, value = "running", None
        try:
            for task in self._tasks[run.dag.dag_id]:
                how, value = self._finish(run, task, value)
                if how != "well":
                    run.state = how
                    return
            run.state = "success"
        finally:
            self._free[run.dag.dag_id] = None
        if run.dag.dag_id.startswith("land_"):
            self.trigger(self.marts)  # the asset's event

    def _finish(self, run, task, value):
        """Try a task until it is done or its retries are over."""
        for number in range(1, task.retries + 2):
            while not self.is_up:
                self.timeline.sleep(LOOK_SECONDS)
            how, value_or_error, begun = self._try(run, task, value)
            if isinstance(value_or_error, AirflowSkipException):
                return "skipped", None
            run.tries.append(Try(task.task_id, begun, self.timeline.true, how, value_or_error))
            if how == "well":
                return "well", value_or_error
            if (wait := self._wait(task, how, value_or_error, number)) is None:
                break
            self.timeline.sleep(wait.total_seconds())
        self._tell(run, task, value_or_error)
        return "failed", None

    def _try(self, run, task, value):
        given = {
            "land": lambda: {"dag_run": SimpleNamespace(partition_key=run.key)},
            "build": lambda: {"ti": SimpleNamespace(get_dr_count=self._count)},
        }
        named = given[task.task_id]() if task.task_id in given else {}
        named = named or ({"build_id": value} if task.task_id in ("check", "publish") else {})
        begun = self.timeline.true
        process = self.timeline.start(lambda: task.python_callable(**named), START_SECONDS)
        self.at_work.append(process)
        how, outcome = self.timeline.join(process)
        self.at_work.remove(process)
        return how, outcome, begun

    def _wait(self, task, how, error, number):
        """Return how long to wait for the next try, None when there is none."""
        if number > task.retries:
            return None
        if how == "killed":
            return timedelta(seconds=NOTICED_SECONDS) + task.retry_delay
        decision = task.retry_policy.evaluate(error, number, task.retries)
        if decision.action is RetryAction.FAIL:
            return None
        return decision.retry_delay or task.retry_delay

    def _tell(self, run, task, error):
        context = {
            "ti": SimpleNamespace(dag_id=run.dag.dag_id, task_id=task.task_id),
            "exception": error,
            "dag_run": SimpleNamespace(partition_key=run.key),
        }
        callbacks = task.on_failure_callback
        for callback in callbacks if isinstance(callbacks, list | tuple) else [callbacks]:
            try:
                callback(context)
            except Exception:
                log.exception("a callback failed")  # and Airflow goes on

    def _count(self, dag_id, states):
        return sum(run.dag.dag_id == dag_id and run.state in states for run in self.runs)
