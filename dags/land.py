"""One Airflow DAG `land_<source>` per folder under `plugins/umlauf/sources/`, if it is enabled.

Of several companies each has its own, `<tenant>__land_<source>`.

The word Airflow above is load-bearing: in safe mode Airflow skips files that lack it.
"""

from umlauf.orchestration.companies import companies
from umlauf.orchestration.enabled import enabled_sources
from umlauf.orchestration.land import land_dag

for company in companies():
    for source in enabled_sources(company):
        globals()[company.named(f"land_{source.name}")] = land_dag(source, company)
