"""What the tasks do: find settings and connection, call the room, say in the log what came of it.

Of several companies each task is told its own (`tenant`).
Everything heavy is imported inside, so that DAGs parse in a blink. Each step may run twice, late
or out of order: state in landing and warehouse decides, not the event that woke it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from umlauf.errors import ConfigError, LeaseLost, ShareHeld
from umlauf.orchestration.connections import task_settings
from umlauf.settings import Settings

log = logging.getLogger(__name__)

# Great Expectations alone writes hundreds of lines per run; warnings still come through.
_CHATTY = ("great_expectations", "dbt", "dbt_common", "duckdb", "paramiko", "urllib3", "numexpr")
_POLL_SECONDS = 1.0


def land(name: str, partition_key: str | None, tenant: str | None = None) -> dict[str, Any]:
    """Land one business day of a source; without a partition the last complete one."""
    from umlauf.landing.incidents import landing_of, settle
    from umlauf.landing.land import land_day
    from umlauf.landing.run import utc_now
    from umlauf.landing.windows import business_day
    from umlauf.orchestration.connections import airflow_connection
    from umlauf.sources.registry import find_source

    quiet_loggers()
    settings, source = task_settings(tenant), find_source(name)
    day = partition_day(partition_key) or business_day(utc_now(), settings.zone)
    connection = airflow_connection(settings.connection_to(source))
    report = land_day(source, day, settings, connection)
    settle(settings, [landing_of(name)], utc_now())
    log.info("%s: %s landed, %d rows in %d streams", name, day, report.rows, len(report.streams))
    return report.to_dict()


def partition_day(partition_key: str | None) -> date | None:
    """Return the business day that a partition key names.

    Raises:
        ConfigError: the key is no date; runs started by hand may carry any text.
    """
    if not partition_key:
        return None
    try:
        return date.fromisoformat(partition_key)
    except ValueError:
        raise ConfigError(f"partition {partition_key!r}: expected a day, YYYY-MM-DD") from None


def wait_for_landings(active: Callable[[], int], most_seconds: float) -> None:
    """Wait while landings run, so that a backfill of N days costs one build; bounded."""
    deadline = time.monotonic() + most_seconds
    while (running := active()) and time.monotonic() < deadline:
        log.info("%d landing runs are still at work: building after them", running)
        time.sleep(_POLL_SECONDS)


def build(tenant: str | None = None) -> str:
    """Build what landed since the last build and return its id; skip when there is nothing."""
    from umlauf.alert.tell import tell_quietly
    from umlauf.landing.incidents import MARTS, settle
    from umlauf.landing.run import utc_now
    from umlauf.orchestration.means import AIRFLOW
    from umlauf.sources.registry import all_sources
    from umlauf.warehouse.build import build_new

    quiet_loggers()
    settings = task_settings(tenant)
    built = build_new(settings, all_sources())
    if built is None:
        settle(settings, [MARTS], utc_now())
        tell_quietly(settings, means=AIRFLOW)
        raise AirflowSkipException("nothing landed since the published build")
    log.info("built %s as of %s in %.1f s", built.build_id, built.as_of, built.seconds)
    return built.build_id


def check(build_id: str, tenant: str | None = None) -> str:
    """Pass the gates with this build, or fail naming check and rows."""
    with _one_build(tenant) as settings:
        from umlauf.landing.run import utc_now
        from umlauf.quality.gate import check_build

        check_build(settings, build_id, at=utc_now())
    return build_id


def publish(build_id: str, tenant: str | None = None) -> None:
    """Swap the readers' snapshot for this build, in one step."""
    with _one_build(tenant) as settings:
        from umlauf.landing.incidents import MARTS, settle
        from umlauf.landing.run import utc_now
        from umlauf.publish.snapshot import publish_build

        log.info("published %s as %s", build_id, publish_build(settings, build_id, at=utc_now()))
        settle(settings, [MARTS], utc_now())


def copy(tenant: str | None = None) -> None:
    """Let PostgreSQL and Parquet show what the snapshot's readers see."""
    with _one_build(tenant) as settings:
        from umlauf.orchestration.connections import airflow_connection
        from umlauf.publish.copies import write_copies

        for name, done in write_copies(settings, connect=airflow_connection).items():
            log.info("%s: %d rows of %s", name, done.rows, done.build_id)


def report(tenant: str | None = None) -> None:
    """Write the morning page from the published snapshot, then tell whoever is not looking."""
    with _one_build(tenant) as settings:
        from umlauf.alert.morning import mail_page_quietly
        from umlauf.alert.tell import tell_quietly
        from umlauf.events.emit import emit_quietly
        from umlauf.landing.incidents import PAGE, settle
        from umlauf.landing.run import utc_now
        from umlauf.orchestration.means import AIRFLOW
        from umlauf.report.page import write_report

        log.info("morning page: %s", write_report(settings, at=utc_now()))
        settle(settings, [PAGE], utc_now())
        mail_page_quietly(settings, means=AIRFLOW)
        tell_quietly(settings, means=AIRFLOW)
        emit_quietly(settings)


def share(tenant: str | None = None) -> None:
    """Deliver what partners receive; fail if one of the shares did, when all have been tried."""
    quiet_loggers()
    from umlauf.orchestration.connections import airflow_connection
    from umlauf.share.deliver import deliver_all

    outcomes = deliver_all(task_settings(tenant), connect=airflow_connection)
    for outcome in outcomes:
        log.info("share %s: %s: %s", outcome.partner, outcome.state, outcome.text)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    for error in sorted(errors, key=lambda one: isinstance(one, ShareHeld)):  # no use to try again
        raise error


@contextmanager
def _one_build(tenant: str | None = None) -> Iterator[Settings]:
    """A newer run has taken the warehouse over: it checks and publishes, so this one skips."""
    quiet_loggers()  # before the imports inside: Great Expectations already talks while it loads
    try:
        yield task_settings(tenant)
    except LeaseLost as error:
        raise AirflowSkipException(str(error)) from error


def quiet_loggers() -> None:
    """Keep libraries' chatter out of the task log."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
