"""A year fetched again, built, compared and published by the DAG, beside nights like its own.

python -m bench.contenders.airflow_backfill HOME
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from umlauf.local import make_sandbox
from umlauf.local.airflow_api import FINISHED, AirflowApi
from umlauf.local.credentials import load_credentials
from umlauf.local.demo import last_nights, run_nights, stop_platform
from umlauf.local.ports import Ports
from umlauf.orchestration.enabled import enabled_sources
from umlauf.publish.kept import roll_back
from umlauf.settings import Settings, load_settings
from umlauf.warehouse.published import published_build_id

DAYS = 365
NIGHTS = 3


def main(home: Path) -> None:
    """Print the seconds of the backfill and each of its tasks, of a night, of a rollback."""
    settings, ports = load_settings(home=home), Ports()
    make_sandbox.main(home, 1.0)  # beforehand: a busy machine needs longer than Airflow's start
    try:
        run_nights(settings, ports, 1.0, is_staying=True)
        api = AirflowApi(ports.airflow, load_credentials(home).password)
        api.log_in()
        figures = _backfill(settings, api)
        nights = sorted(_night(settings, api) for _ in range(NIGHTS))
        figures["night"] = nights[NIGHTS // 2]
    finally:
        stop_platform(settings)
    begun = time.monotonic()
    roll_back(settings)
    figures["rollback"] = time.monotonic() - begun
    sys.stdout.write(json.dumps(figures) + "\n")


def _backfill(settings: Settings, api: AirflowApi) -> dict[str, float]:
    last = last_nights(datetime.now(UTC), settings)[-1]
    days = {"from": str(last - timedelta(days=DAYS - 1)), "to": str(last)}
    begun = time.monotonic()
    run_id = api.trigger("backfill", days | {"yes": True})
    while (run := api.run("backfill", run_id)).state not in FINISHED:
        time.sleep(1)
    seconds = time.monotonic() - begun
    if run.state != "success":
        raise RuntimeError(f"bench: the backfill ended as {run.state}")
    tasks = {f"task_{task.task_id}": task.seconds for task in api.tasks([run])}
    return {"backfill": seconds, **tasks}


def _night(settings: Settings, api: AirflowApi) -> float:
    """Land the last day of each source again; return the seconds until readers see the build."""
    last = last_nights(datetime.now(UTC), settings)[-1]
    before, begun = published_build_id(settings), time.monotonic()
    for source in enabled_sources(settings):
        api.backfill(f"land_{source.name}", last, last)
    while published_build_id(settings) == before:
        time.sleep(1)
    return time.monotonic() - begun


if __name__ == "__main__":
    main(Path(sys.argv[1]))
