"""What a failure means: wait and try again, or tell a person at once; and in which words.

Airflow asks the policy in the task's own process, with the real exception in hand, and still
counts the task's `retries`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from umlauf.errors import (
    CheckFailed,
    ConfigError,
    DataRejected,
    LeaseBusy,
    SourceChanged,
    SourceDenied,
    SourceUnavailable,
)

log = logging.getLogger(__name__)

# First match wins. The transport has already waited as long as Retry-After asked for.
WAIT: Mapping[type[Exception], tuple[timedelta, str]] = {
    SourceUnavailable: (
        timedelta(minutes=10),
        "the source is down or limits us: asked again",
    ),
    LeaseBusy: (timedelta(minutes=5), "another run is still at work: this one waits"),
}
TELL: Mapping[type[Exception], str] = {
    SourceDenied: "renew the key or its scopes in the connection, then clear this task",
    SourceChanged: "compare the answer with sources/<name>/__init__.py, mend it, clear this task",
    ConfigError: "correct the setting or connection it names, then clear this task",
    DataRejected: "look at the place it names in the file; have the sender send it again",
    CheckFailed: "look at the rows it names; readers keep the last good snapshot",
}
_UNKNOWN = "read the log above; rerunning is always safe"


def retry_policy() -> ExceptionRetryPolicy:
    """Return the policy: outages wait, anything a person must mend fails now, the rest retries."""
    waiting = [
        RetryRule(kind, RetryAction.RETRY, retry_delay=delay, reason=why)
        for kind, (delay, why) in WAIT.items()
    ]
    telling = [RetryRule(kind, RetryAction.FAIL, reason=what) for kind, what in TELL.items()]
    return ExceptionRetryPolicy(rules=waiting + telling)


def failure_line(task: str, partition_key: str | None, error: BaseException | str | None) -> str:
    """Return one line: what failed, why, what to do."""
    what = f"{task} {partition_key}" if partition_key else task
    text = " ".join(str(error or "no reason given").split())
    kind = type(error).__name__ if isinstance(error, BaseException) else "failure"
    to_do = next((advice for cls, advice in TELL.items() if isinstance(error, cls)), None)
    if to_do is None and isinstance(error, tuple(WAIT)):
        to_do = "retries are used up: see whether the source is up, then clear this task"
    return f"FAILED {what}: {kind}: {text}. TO DO: {to_do or _UNKNOWN}"


def report_failure(context: Mapping[str, Any]) -> None:
    """Log the failure as the task's last line; Airflow calls it when a task has finally failed."""
    task = context["ti"]
    key = getattr(context.get("dag_run"), "partition_key", None)
    name = f"{task.dag_id}.{task.task_id}"
    log.error("%s", failure_line(name, key, context.get("exception")))
