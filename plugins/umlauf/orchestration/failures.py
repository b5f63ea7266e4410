"""What a failure means: wait and try again, or tell a person at once; and in which words.

Airflow asks the policy in the task's own process, with the real exception in hand, and still
counts the task's `retries`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from umlauf.errors import (
    CheckFailed,
    ConfigError,
    DataRejected,
    LandingDamaged,
    LandingUnavailable,
    LeaseBusy,
    ShareHeld,
    SourceChanged,
    SourceDenied,
    SourceUnavailable,
    UmlaufError,
)
from umlauf.landing.incidents import COPIES, MARTS, PAGE, landing_of, note
from umlauf.landing.run import utc_now
from umlauf.orchestration.connections import task_settings
from umlauf.settings import Settings

log = logging.getLogger(__name__)

# First match wins. The transport has already waited as long as Retry-After asked for.
WAIT: Mapping[type[Exception], tuple[timedelta, str]] = {
    SourceUnavailable: (
        timedelta(minutes=10),
        "the source is down or limits us: asked again",
    ),
    LandingUnavailable: (
        timedelta(minutes=10),
        "the bucket of landing does not answer: asked again",
    ),
    LeaseBusy: (timedelta(minutes=5), "another run is still at work: this one waits"),
    OSError: (timedelta(minutes=10), "the disk is full or gone: tried again, as long as a source"),
}
TELL: Sequence[type[UmlaufError]] = (
    SourceDenied,
    SourceChanged,
    ConfigError,
    LandingDamaged,
    DataRejected,
    CheckFailed,
    ShareHeld,
)


def retry_policy() -> ExceptionRetryPolicy:
    """Return the policy: outages wait, anything a person must mend fails now, the rest retries."""
    waiting = [
        RetryRule(kind, RetryAction.RETRY, retry_delay=delay, reason=why)
        for kind, (delay, why) in WAIT.items()
    ]
    telling = [RetryRule(kind, RetryAction.FAIL, reason=kind.to_do) for kind in TELL]
    return ExceptionRetryPolicy(rules=waiting + telling)


def failure_line(task: str, partition_key: str | None, error: BaseException | str | None) -> str:
    """Return one line: what failed, why, what to do."""
    what = f"{task} {partition_key}" if partition_key else task
    text = " ".join(str(error or "no reason given").split())
    kind = type(error).__name__ if isinstance(error, BaseException) else "failure"
    to_do = (error if isinstance(error, UmlaufError) else UmlaufError).to_do
    return f"FAILED {what}: {kind}: {text}. TO DO: {to_do} (clear this task)"


def failure_report(tenant: str | None) -> Callable[[Mapping[str, Any]], None]:
    """Return what Airflow calls when a task of this company has failed for good."""
    return partial(report_failure, tenant=tenant)


def report_failure(context: Mapping[str, Any], tenant: str | None = None) -> None:
    """Log the failure as the task's last line, land it for `umlauf status` and the page, tell it.

    Airflow calls it when a task has finally failed, also one that was killed. Which partner's share
    failed has been noted where it did.
    """
    from umlauf.alert.tell import tell_quietly  # not when the DAGs are parsed
    from umlauf.events.emit import emit_quietly
    from umlauf.orchestration.means import AIRFLOW

    task, error = context["ti"], context.get("exception")
    key = getattr(context.get("dag_run"), "partition_key", None)
    log.error("%s", failure_line(f"{task.dag_id}.{task.task_id}", key, error))
    settings = task_settings(tenant)
    if task.task_id != "share":
        note(settings, _subject(task, settings), error or "no reason given", utc_now())
    tell_quietly(settings, means=AIRFLOW)
    emit_quietly(settings)


def _subject(task: Any, settings: Settings) -> str:
    landing = settings.named("land_")
    if task.dag_id.startswith(landing):
        return landing_of(task.dag_id.removeprefix(landing))
    return {"report": PAGE, "copy": COPIES}.get(task.task_id, MARTS)
