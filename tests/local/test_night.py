"""When the demo's nights are over, and how a failed task is told."""

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from umlauf.local.airflow_api import RunState, TaskState
from umlauf.local.board import Board
from umlauf.local.night import Follower, StepFailed, has_built_all, last_night, start_nights

pytestmark = pytest.mark.integration

SINCE = datetime(2026, 11, 23, 8, tzinfo=UTC)
NIGHTS = [date(2026, 11, 21), date(2026, 11, 22)]


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 11, 26, 1, 29, tzinfo=UTC), date(2026, 11, 24)),  # 02:29 in Berlin
        (datetime(2026, 11, 26, 3, 29, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 26, 3, 30, tzinfo=UTC), date(2026, 11, 25)),  # 04:30
        (datetime(2026, 11, 25, 22, 59, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_a_night_is_over_once_the_schedule_has_come_to_it(now, night):
    assert last_night(now, ZoneInfo("Europe/Berlin")) == night


def task(dag_id, task_id, run_id="r", state="success", minute=0):
    moment = SINCE + timedelta(minutes=minute)
    return TaskState(
        dag_id=dag_id,
        run_id=run_id,
        task_id=task_id,
        state=state,
        attempt=1,
        seconds=1,
        started=moment - timedelta(seconds=1),
        ended=moment if state == "success" else None,
    )


class Airflow:
    """Answers from a script: one pair of runs and tasks per look, the last one for ever."""

    def __init__(self, *looks, log=()):
        self.looks, self.lines, self.asked = list(looks), list(log), []

    def runs(self, since):
        return self.looks[0][0]

    def tasks(self, runs):
        return self.looks.pop(0)[1] if len(self.looks) > 1 else self.looks[0][1]

    def log(self, failed):
        return self.lines

    def has_scheduled_run(self, dag_id, partition_key):
        return dag_id == "land_bank"

    def backfill(self, dag_id, first, last):
        self.asked.append((dag_id, first, last))

    def clear(self, task):
        self.asked.append(("clear", task.task_id))

    def set_paused(self, dag_id, *, is_paused):
        self.asked.append((dag_id, is_paused))


def run(dag_id, run_id, day="2026-11-22", state="success"):
    return RunState(dag_id=dag_id, run_id=run_id, partition_key=day, state=state)


def follower(airflow):
    board = Board(Console(file=io.StringIO()))
    return Follower(airflow, board, ["odoo"], NIGHTS, SINCE)


LANDED = [run("land_odoo", "l1", "2026-11-21"), run("land_odoo", "l2", "2026-11-22")]
LANDING = [task("land_odoo", "land", "l1", minute=1), task("land_odoo", "land", "l2", minute=2)]


def test_the_nights_are_over_when_a_build_ended_after_the_last_landing():
    assert has_built_all(LANDING, [task("marts", "build", minute=3)])
    assert not has_built_all(LANDING, [task("marts", "build", minute=1)])
    assert not has_built_all(LANDING, [task("marts", "build", state="skipped")])


def test_following_ends_with_the_run_that_built_everything():
    marts = run("marts", "m")
    tasks = [*LANDING, *(task("marts", name, "m", minute=3) for name in ("build", "report"))]
    watched = follower(Airflow((LANDED, LANDING), ([*LANDED, marts], tasks)))

    watched.follow(patience_seconds=10)

    assert watched.seconds["land odoo"] == 2
    assert [step.name for step in watched.board.steps] == [
        "land odoo",
        "build marts",
        "morning page",
    ]


def test_a_night_that_the_schedule_comes_to_meanwhile_is_not_waited_for():
    also = run("land_odoo", "l3", "2026-11-23")
    marts = run("marts", "m")
    tasks = [
        *LANDING,
        task("land_odoo", "land", "l3", minute=2),
        task("marts", "build", "m", minute=3),
    ]
    watched = follower(Airflow(([*LANDED, also, marts], tasks)))

    watched.follow(patience_seconds=1)

    assert watched.board.steps[0].detail == "2 of 2 days"


@pytest.mark.parametrize("state", ["failed", "up_for_retry", "upstream_failed"])
def test_a_failed_task_is_told_with_its_step_its_reason_and_its_log(state):
    log = ["INFO    reading", "ERROR   FAILED land_odoo.land: SourceDenied: 401. TO DO: renew"]
    airflow = Airflow((LANDED, [task("land_odoo", "land", "l1", state, minute=1)]), log=log)

    with pytest.raises(
        StepFailed, match=rf"land_odoo\.land {state}: .*SourceDenied: 401"
    ) as failed:
        follower(airflow).follow(patience_seconds=10)

    assert failed.value.log == log


def test_a_task_that_an_earlier_platform_was_ended_in_is_tried_again_at_once():
    marts = run("marts", "m", state="running")
    interrupted = task("marts", "build", "m", "up_for_retry", minute=-9)
    again = task("marts", "build", "m", minute=3)
    over = run("marts", "m")
    airflow = Airflow(
        ([*LANDED, marts], [*LANDING, interrupted]), ([*LANDED, over], [*LANDING, again])
    )

    follower(airflow).follow(patience_seconds=10)

    assert airflow.asked == [("clear", "build")]


def test_a_task_that_was_lost_without_a_word_gets_airflows_own_retry():
    """Its worker was killed, or it began before the api-server was up: a log of its name alone."""
    marts = run("marts", "m")
    lost = task("land_odoo", "land", "l2", "up_for_retry", minute=1)
    built = [*LANDING, task("marts", "build", "m", minute=3)]
    airflow = Airflow(
        (LANDED, [LANDING[0], lost]), ([*LANDED, marts], built), log=["dag_id=land_odoo/1.log"]
    )

    follower(airflow).follow(patience_seconds=10)

    assert airflow.asked == []


def test_a_task_that_was_lost_in_each_of_its_tries_has_failed():
    lost = task("land_odoo", "land", "l2", "failed", minute=1)

    with pytest.raises(StepFailed, match=r"land_odoo\.land failed: see its log"):
        follower(Airflow((LANDED, [LANDING[0], lost]))).follow(patience_seconds=10)


def test_waiting_has_an_end():
    with pytest.raises(Exception, match="not done after 0 s"):
        follower(Airflow((LANDED, LANDING))).follow(patience_seconds=0)


def test_the_schedule_makes_the_last_night_itself_unless_it_has():
    airflow = Airflow(([], []))

    start_nights(airflow, ["bank", "odoo"], NIGHTS)

    assert airflow.asked == [
        ("land_bank", NIGHTS[0], NIGHTS[1]),
        ("land_odoo", NIGHTS[0], NIGHTS[0]),
        ("land_bank", False),
        ("land_odoo", False),
        ("marts", False),
    ]
