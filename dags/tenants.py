"""No DAG is in here: it fails to import while the settings of a tenant are wrong.

Airflow then names the tenant and what is wrong (*Dag Import Errors*). A file of its own, because
Airflow takes away all DAGs of a file that fails, and the other tenants' shall run.

The word Airflow in this file is needed: Airflow skips files that lack it.
"""

from umlauf.orchestration.companies import require_right

require_right()
