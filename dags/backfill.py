"""### Fetch days again, or replay landing, look at what differs, then let readers see it.

Start it by hand (*Trigger*) with the first and last day, the sources, and whether to fetch at all
(*replay* builds what has landed with the models as they are). The days are one window per source.

* **Until it is approved nothing changes:** it lands and builds in a staging of its own. Nights go
  on, and readers see what they saw.
* **`approve` waits:** the difference, rows and money by mart, stands in its *Required Actions*;
  every day of it in the file it names. *Reject*, or no answer in 20 hours: nothing is published.
* **`swap` is red, "landed since":** a night has landed meanwhile, so the difference is no longer
  true. Start the backfill again. Approve before the next night, or start it with *yes*.
* **`check` is red:** a critical check did not hold; nights and readers are left as they were.
* **Anything else is red:** clear it. What has been fetched is not fetched again.
* **It was a mistake:** `umlauf rollback` shows the snapshot of before within a second.
* **Without Airflow:** `umlauf backfill --from DAY --to DAY`.

The word Airflow in this file is needed: Airflow skips files that lack it.
"""

from umlauf.orchestration.backfill import backfill_dag
from umlauf.orchestration.companies import companies
from umlauf.orchestration.enabled import enabled_sources

for company in companies():
    globals()[company.named("backfill")] = backfill_dag(enabled_sources(company), company, __doc__)
