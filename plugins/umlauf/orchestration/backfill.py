"""The DAG of a backfill: plan, fetch, build, compare, ask a person, check, swap, report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG, Param, task

from umlauf.orchestration import backfill_steps as steps
from umlauf.orchestration import steps as marts_steps
from umlauf.orchestration.companies import tags
from umlauf.orchestration.failures import failure_report, retry_policy
from umlauf.orchestration.pools import LANDING, WAREHOUSE
from umlauf.settings import Settings
from umlauf.spec import Source

# The next night lands something, and then the difference that was approved is no longer true.
_MOST_WAIT = timedelta(hours=20)


class Approval(ApprovalOperator):
    """Asks whether readers shall see it, unless the run was started with `yes`."""

    def execute(self, context: Any) -> Any:
        """Wait for the answer; return at once if it was given beforehand."""
        if context["params"]["yes"]:
            self.log.info("approved beforehand, by the parameter yes")
            return None
        return super().execute(context)


def backfill_dag(sources: Sequence[Source], settings: Settings, doc_md: str) -> DAG:
    """Build `backfill`, which people start with days, sources and whether to fetch at all."""
    with DAG(
        dag_id=settings.named("backfill"),
        schedule=None,
        start_date=datetime(2025, 1, 1, tzinfo=UTC),
        catchup=False,
        max_active_runs=1,  # there is one staging
        is_paused_upon_creation=False,  # nothing starts it but people
        dagrun_timeout=timedelta(hours=48),
        default_args={
            "owner": "data-platform",
            "pool": settings.named(WAREHOUSE.name),
            "retries": 2,
            "retry_policy": retry_policy(),
            "execution_timeout": timedelta(hours=6),
            "on_failure_callback": failure_report(settings.tenant),
        },
        params=_params([source.name for source in sources]),
        tags=tags(settings, "backfill"),
        description="Fetch days again or replay landing, compare, approve, swap.",
        doc_md=doc_md,
    ) as dag:
        _wire(settings)
    return dag


def _params(names: Sequence[str]) -> dict[str, Param]:
    return {
        "from": Param(type="string", format="date", description="First business day."),
        "to": Param(type="string", format="date", description="Last business day."),
        "source": Param(
            list(names), type="array", items={"type": "string", "enum": list(names)},
            description="Sources to fetch from.",
        ),
        "replay": Param(
            False, type="boolean", description="Fetch nothing: build what has landed.",
        ),
        "yes": Param(False, type="boolean", description="Do not ask before readers see it."),
    }  # fmt: skip


def _wire(settings: Settings) -> None:
    tenant = settings.tenant

    @task
    def plan(params: Any = None) -> list[str]:
        return steps.plan(params, tenant)

    @task(pool=settings.named(LANDING.name))
    def fetch(name: str, params: Any = None) -> None:
        steps.fetch(name, params, tenant)

    @task(trigger_rule="none_failed")  # a replay has no source to fetch from
    def build(params: Any = None) -> str:
        return steps.build(params, tenant)

    @task
    def compare(build_id: Any) -> dict[str, Any]:
        return steps.compare(build_id, tenant)

    @task
    def check(build_id: Any) -> None:
        steps.check(build_id, tenant)

    @task
    def swap(build_id: Any, compared: Any) -> None:
        steps.swap(build_id, compared["replaces"], tenant)

    @task
    def report() -> None:
        marts_steps.report(tenant)

    built = build()
    fetch.expand(name=plan()) >> built
    compared = compare(built)
    approve = Approval(
        task_id="approve",
        subject="Shall readers see what this backfill built?",
        body="{{ ti.xcom_pull(task_ids='compare')['shown'] }}",
        defaults=[Approval.REJECT],  # what nobody answers is not published
        response_timeout=_MOST_WAIT,
    )
    compared >> approve >> check(built) >> swap(built, compared) >> report()
