"""Load every deal with dlt's REST source, merged by key into DuckDB; runs in dlt's environment.

python contenders/dlt_landing.py URL HOME
"""

import json
import os
import sys
import time
from pathlib import Path


def main(url: str, home: Path) -> None:
    """Print records and seconds as JSON."""
    os.environ |= {
        "DLT_DATA_DIR": str(home / "dlt"),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "NORMALIZE__WORKERS": "2",
    }
    import dlt
    from dlt.sources.rest_api import rest_api_source

    source = rest_api_source(
        {
            "client": {
                "base_url": url,
                "paginator": {
                    "type": "cursor",
                    "cursor_path": "paging.next.after",
                    "cursor_param": "after",
                },
            },
            "resources": [
                {
                    "name": "deals",
                    "primary_key": "id",
                    "write_disposition": "merge",
                    "endpoint": {"path": "crm/v3/objects/0-3", "data_selector": "results"},
                }
            ],
        }
    )
    begun = time.monotonic()
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(home / "pipelines"),
        destination=dlt.destinations.duckdb(str(home / "dlt.duckdb")),
        dataset_name="crm",
    )
    pipeline.run(source)
    seconds = time.monotonic() - begun
    with pipeline.sql_client() as client:
        records = client.execute_sql("select count(*) from deals")[0][0]
    sys.stdout.write(json.dumps({"records": records, "seconds": seconds}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
