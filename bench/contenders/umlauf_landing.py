"""Land every deal with the production connector, then type them into a keyed DuckDB table.

python -m bench.contenders.umlauf_landing URL HOME
"""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from umlauf.landing.land import land_day
from umlauf.landing.windows import business_day
from umlauf.settings import load_settings
from umlauf.sources.hubspot import SOURCE
from umlauf.spec import Connection

TYPED = """
    create table deals (
        deal_id varchar primary key, deal_name varchar, amount decimal(18, 2),
        currency_code varchar, stage_id varchar, closes_at timestamp, modified_at timestamp
    );
    insert into deals
    select
        record_key, found[1], cast(found[2] as decimal(18, 2)), found[3], found[4],
        cast(found[5] as timestamp), record_version
    from (
        -- Cut first, choose then: the window holds a few short texts and not whole payloads.
        select record_key, record_version, fetched_at, json_extract_string(payload, [
            '$.properties.dealname', '$.properties.amount', '$.properties.deal_currency_code',
            '$.properties.dealstage', '$.properties.closedate'
        ]) as found
        from read_parquet('{files}')
    )
    qualify row_number() over (partition by record_key order by fetched_at desc) = 1;
"""


def main(url: str, home: Path) -> None:
    """Print records and the seconds of both steps as JSON."""
    settings = load_settings(home=home, sources={"hubspot": {"requests_per_second": 1e6}})
    # Without property history, as the other ways read them: same pages, same records.
    deals = replace(SOURCE.stream("deals"), history=(), census=False)
    source = replace(SOURCE, streams=(deals,))
    begun = time.monotonic()
    day = business_day(datetime.now(UTC), settings.zone)
    land_day(source, day, settings, Connection(conn_id="bench", url=url, password="bench"))
    landed = time.monotonic()
    with duckdb.connect(home / "typed.duckdb") as connection:
        files = settings.landing_root / "hubspot" / "deals" / "day=*" / "*.parquet"
        connection.execute(TYPED.format(files=files))
        (records,) = connection.execute("select count(*) from deals").fetchone() or (0,)
    figures = {
        "records": records,
        "seconds": time.monotonic() - begun,
        "landing_seconds": landed - begun,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
