"""The DAGs that turn landed days into published marts: build, check, publish, report, share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import (
    DAG,
    AssetAny,
    CronTriggerTimetable,
    PartitionedAssetTimetable,
    TriggerRule,
    task,
)

from umlauf.landing.windows import DEADLINE
from umlauf.orchestration import steps
from umlauf.orchestration.companies import tags
from umlauf.orchestration.failures import failure_report, retry_policy
from umlauf.orchestration.land import raw_asset
from umlauf.orchestration.pools import WAREHOUSE
from umlauf.settings import Settings
from umlauf.spec import Source

EVERY_DEADLINE = f"{DEADLINE.minute} {DEADLINE.hour} * * *"
# The wait policy: a source still at work after this is late; the marts come out without it, with
# its age beside them, and once more when it is in.
_MOST_WAIT_SECONDS = 45 * 60.0
_START = datetime(2025, 1, 1, tzinfo=UTC)


def marts_dag(sources: Sequence[Source], settings: Settings, doc_md: str) -> DAG:
    """Build `marts`: wakes when a business day of a source has landed, waits for the others.

    Any source wakes it, not all: Airflow 3.3.2 sometimes files two events of one partition apart
    when they come at the same moment, and a run that needs both then never starts
    (https://github.com/apache/airflow/issues/71070). `build` waits for the landings under way
    instead; woken once more, it skips.
    """
    names = [source.name for source in sources]
    with DAG(
        dag_id=settings.named("marts"),
        schedule=PartitionedAssetTimetable(
            assets=AssetAny(*(raw_asset(source, settings) for source in sources))
        ),
        description="Build, check and publish the marts once the landings under way are in.",
        doc_md=doc_md,
        **_shared(settings),
    ) as dag:
        _night(names, settings)
    return dag


def deadline_dag(settings: Settings, doc_md: str) -> DAG:
    """Build `marts_deadline`: builds what has landed and is not published, whoever is late.

    It makes good what a lost event would cost. Airflow's own wait policies count partitions and
    know no clock, hence a DAG of its own; an extra run skips.
    """
    with DAG(
        dag_id=settings.named("marts_deadline"),
        schedule=CronTriggerTimetable(EVERY_DEADLINE, timezone=settings.company_time_zone),
        description="Build what has landed, without the source that is late.",
        doc_md=doc_md,
        **_shared(settings),
    ) as dag:
        _night([], settings)
    return dag


def _shared(settings: Settings) -> dict[str, Any]:
    return {
        "start_date": _START,
        "catchup": False,
        "max_active_runs": 1,
        "dagrun_timeout": timedelta(hours=6),
        "default_args": {
            "owner": "data-platform",
            "pool": settings.named(WAREHOUSE.name),
            "retries": 2,  # each after Airflow's default of five minutes
            "retry_policy": retry_policy(),
            "execution_timeout": timedelta(hours=2),
            "on_failure_callback": failure_report(settings.tenant),
        },
        "tags": tags(settings, "marts"),
    }


def _night(wait_for: Sequence[str], settings: Settings) -> None:
    """Wire the steps, the first of which waits while these sources still land."""
    tenant = settings.tenant
    landing = [settings.named(f"land_{name}") for name in wait_for]

    @task
    def build(ti: Any = None) -> str:
        steps.wait_for_landings(lambda: _landing_runs(ti, landing), _MOST_WAIT_SECONDS)
        return steps.build(tenant)

    @task
    def check(build_id: Any) -> str:
        return steps.check(build_id, tenant)

    @task
    def publish(build_id: Any) -> None:
        steps.publish(build_id, tenant)

    @task
    def report() -> None:
        steps.report(tenant)

    published = publish(check(build()))
    published >> report()
    _pass_on(published, settings)


def _pass_on(published: Any, settings: Settings) -> None:
    """Wire what is published further, where anybody wants it.

    Also after a night with nothing new: the last try may have failed, a person have approved a
    share, readers have gone back to an older build.
    """
    tenant = settings.tenant

    @task(trigger_rule=TriggerRule.NONE_FAILED)
    def copy() -> None:
        steps.copy(tenant)

    @task(trigger_rule=TriggerRule.NONE_FAILED)
    def share() -> None:
        steps.share(tenant)

    if settings.has_copies:
        published >> copy()
    if settings.has_shares:
        published >> share()


def _landing_runs(ti: Any, dag_ids: Sequence[str]) -> int:
    states = ["queued", "running"]
    return sum(int(ti.get_dr_count(dag_id=dag_id, states=states)) for dag_id in dag_ids)
