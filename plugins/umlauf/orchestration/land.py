"""Turn a Source into the Airflow DAG that lands one business day of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Asset, CronPartitionTimetable, task

from umlauf.landing.windows import NIGHT
from umlauf.orchestration import steps
from umlauf.orchestration.companies import tags
from umlauf.orchestration.failures import failure_report, retry_policy
from umlauf.orchestration.pools import LANDING
from umlauf.settings import Settings
from umlauf.spec import Source

EVERY_NIGHT = f"{NIGHT.minute} {NIGHT.hour} * * *"


def raw_asset(source: Source, settings: Settings) -> Asset:
    """Return the asset that says: this day of the source is landed, for this company."""
    whose = f"{settings.tenant}/" if settings.tenant else ""
    return Asset(
        name=settings.named(f"raw_{source.name}"), uri=f"umlauf://landing/{whose}{source.name}"
    )


def land_dag(source: Source, settings: Settings) -> DAG:
    """Build `land_<source>`: one run, one partition, one business day."""
    tenant = settings.tenant
    with DAG(
        dag_id=settings.named(f"land_{source.name}"),
        # One tick back: the run of 04:30 lands the day that has just ended.
        schedule=CronPartitionTimetable(
            EVERY_NIGHT, timezone=settings.company_time_zone, run_offset=-1, key_format="%Y-%m-%d"
        ),
        start_date=source.start,
        catchup=False,  # the first window reads the whole history anyway
        max_active_runs=4,
        dagrun_timeout=timedelta(hours=12),  # retries included
        default_args={"owner": source.owner, "on_failure_callback": failure_report(tenant)},
        tags=tags(settings, "land", source.name),
        description=f"Land one business day of {source.name}.",
        doc_md=_runbook(source, settings),
    ) as dag:

        @task(
            task_id="land",
            outlets=[raw_asset(source, settings)],
            pool=settings.named(LANDING.name),
            retries=6,  # with the policy's ten minutes: an outage of an hour
            retry_policy=retry_policy(),
            execution_timeout=timedelta(hours=6),  # a first window may hold years
            max_active_tis_per_dag=1,  # the source's lease lets one in; others would only wait
        )
        def land(dag_run: Any = None) -> dict[str, Any]:
            return steps.land(source.name, dag_run.partition_key, tenant)

        land()
    return dag


def _runbook(source: Source, settings: Settings) -> str:
    streams = ", ".join(f"`{stream.name}`" for stream in source.streams)
    return f"""### Land {source.name}
Reads what changed up to the end of one business day (the partition) and keeps it as received.

* **Streams:** {streams}.
* **Connection:** `{settings.named(source.conn_id)}`, unless `sources.{source.name}.connection`
  names another.
* **Red, and it failed at once:** key, setting or answer are wrong; the last log line names each
  stream that failed and what to do. The others have landed and are built. Mend it, then *Clear*.
* **Yellow (up for retry):** the source is down or limits us. Nothing to do for an hour.
* **Again, late, twice:** always safe. What is landed stays; a cut-off window is continued.
* **Days missing:** the DAG `backfill`, or `umlauf backfill --from DAY --to DAY`: one fetch, and the
  difference is shown before readers see it. *Trigger > Backfill* here (reprocess: all runs) lands
  them one by one, and `marts` publishes unasked; Airflow's *to* is a moment: for the whole of the
  last day say 23:59. All give the same marts.

More: `plugins/umlauf/sources/{source.name}/README.md`
"""
