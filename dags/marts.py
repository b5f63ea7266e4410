"""Build and publish the marts: `build` > `check` > `publish` > `report`, in Airflow.

* **`marts`** wakes when a source has landed, waits for the landings under way, and builds all that
  landed since the last build: many days cost one build. Woken again, it skips in a second.
* **A source is late** (it hangs, or retries for longer than `build` waits): the marts come out
  without it, its age stands in `trust.freshness` and on the morning page; once it is in, a new run.
* **`marts_deadline`** does the same every morning, should a wake-up have been lost.
* **`build` is red:** a model or dbt test failed, or nothing has landed yet; the last line says
  which. **`check` is red:** a critical expectation did not hold; the last line names check and
  rows, `trust.quality_result` and the Data Docs (`var/reports`) have the rest.
* **`copy` is red** (it is there if PostgreSQL or Parquet is set): what these show stays as it was;
  clear it, or leave it to the next run, which copies even if nothing is new.
* **`share` is red** (it is there if a partner receives anything): readers have the new marts; a
  partner's share is held, or did not get to its place. The last line says which, and
  `umlauf share list`.
* Readers keep yesterday's snapshot until a run is green. Rerunning is always safe: clear the red
  task, or trigger the DAG.
* **Without Airflow:** `umlauf build`, or `umlauf nightly` for landing as well.
"""

from umlauf.orchestration.companies import companies
from umlauf.orchestration.enabled import enabled_sources
from umlauf.orchestration.marts import deadline_dag, marts_dag

for company in companies():
    globals()[company.named("marts")] = marts_dag(enabled_sources(company), company, __doc__)
    globals()[company.named("marts_deadline")] = deadline_dag(company, __doc__)
