"""One Airflow DAG `land_<source>` per folder under `plugins/umlauf/sources/`, if it is enabled.

The word Airflow above is load-bearing: in safe mode Airflow skips files that lack it.
"""

from umlauf.orchestration.enabled import enabled_sources
from umlauf.orchestration.land import land_dag
from umlauf.settings import load_settings

settings = load_settings()
for source in enabled_sources(settings):
    globals()[f"land_{source.name}"] = land_dag(source, settings.company_time_zone)
