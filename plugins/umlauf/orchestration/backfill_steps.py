"""What the tasks of a backfill do: the steps of `umlauf backfill`, told by Airflow's parameters."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from umlauf.orchestration.connections import task_settings
from umlauf.orchestration.steps import quiet_loggers
from umlauf.settings import Settings

if TYPE_CHECKING:
    from umlauf.backfill.staging import Request

log = logging.getLogger(__name__)


def plan(params: Mapping[str, Any], tenant: str | None = None) -> list[str]:
    """Open the staging, log the plan and return the sources to fetch from."""
    from umlauf.backfill import run, show

    settings = task_settings(tenant)
    request = _request(settings, params)
    planned = run.begin(settings, request)
    log.info("plan:\n%s", show.markdown(show.PLAN, show.plan_lines(planned)))
    return list(request.names)


def fetch(name: str, params: Mapping[str, Any], tenant: str | None = None) -> None:
    """Fetch the days of one source into the staging."""
    from umlauf.backfill import run
    from umlauf.orchestration.connections import airflow_connection

    quiet_loggers()
    settings = task_settings(tenant)
    report = run.fetch(settings, _request(settings, params), name, connect=airflow_connection)
    log.info("%s: %s", name, f"{report.rows} rows" if report else "had been fetched")


def build(params: Mapping[str, Any], tenant: str | None = None) -> str:
    """Build the staging and return the build's id."""
    from umlauf.backfill import run

    quiet_loggers()
    settings = task_settings(tenant)
    return run.build(settings, _request(settings, params))


def compare(build_id: str, tenant: str | None = None) -> dict[str, Any]:
    """Return the build it would replace, and the difference as people are shown it."""
    from umlauf.backfill import run, show

    settings = task_settings(tenant)
    difference = run.show_difference(settings, build_id)
    table = show.markdown(show.SHORT, show.short_lines(difference))
    file = run.difference_file(settings, build_id)
    shown = f"{show.headline(difference)}\n\n{table}\n\nEvery day of it: `{file}`"
    log.info("%s", shown)
    return {"replaces": difference.old_build_id, "shown": shown}


def check(build_id: str, tenant: str | None = None) -> None:
    """Pass the gates with the staged build, or fail naming check and rows."""
    quiet_loggers()  # before the imports inside: Great Expectations already talks while it loads
    from umlauf.backfill import run

    run.check(task_settings(tenant), build_id)


def swap(build_id: str, replaces: str | None, tenant: str | None = None) -> None:
    """Show readers the build, in one step."""
    from umlauf.backfill import run
    from umlauf.orchestration.connections import airflow_connection

    run.swap(task_settings(tenant), build_id, replaces, connect=airflow_connection)
    log.info("published %s", build_id)


def _request(settings: Settings, params: Mapping[str, Any]) -> Request:
    from umlauf.backfill.run import request_of

    first, last = (date.fromisoformat(params[name]) for name in ("from", "to"))
    return request_of(settings, first, last, params["source"], is_replay=params["replay"])
