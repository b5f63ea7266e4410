"""Land the bank files of one folder: raw bytes kept, entries parsed to Parquet.

python -m bench.contenders.camt_landing FOLDER HOME
"""

import json
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from umlauf.landing.land import land_day
from umlauf.landing.windows import business_day
from umlauf.settings import load_settings
from umlauf.sources.bank import SOURCE
from umlauf.spec import Connection


def main(folder: Path, home: Path) -> None:
    """Print seconds, entries and the sum of their amounts as JSON."""
    settings = load_settings(home=home)
    day = business_day(datetime.now(UTC), settings.zone)
    begun = time.monotonic()
    land_day(SOURCE, day, settings, Connection(conn_id="bench", url=f"file://{folder}"))
    seconds = time.monotonic() - begun
    entries = settings.landing_root / "bank" / "entries" / "day=*" / "*.parquet"
    counted = f"""
        select count(*), sum(cast(payload ->> '$.amount' as decimal(18, 2)))
        from read_parquet('{entries}')
    """
    with duckdb.connect(config={"memory_limit": "100MB", "threads": 1}) as connection:
        count, total = connection.execute(counted).fetchone() or (0, Decimal())
    figures = {"seconds": seconds, "entries": count, "cents": int(total * 100)}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
