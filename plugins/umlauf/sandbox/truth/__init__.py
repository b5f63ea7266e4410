"""What the marts must find, told from the simulator's own journal and never from the records.

Everything is as known at an instant: a fact that shows up later is not in it, a record deleted at
the source is gone from all of it, and a back-dated posting counts on its business date. Days are
company business days (Europe/Berlin), states are those at the end of the day, and the last day is
the last complete one. Tables are Parquet; money is decimal(18, 2), stamps are naive UTC.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from umlauf.sandbox.clock import read_clock
from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import business_day
from umlauf.sandbox.truth.behaviour import behaviour_tables
from umlauf.sandbox.truth.cash import cash_tables
from umlauf.sandbox.truth.conversion import conversion_tables
from umlauf.sandbox.truth.documents import document_tables
from umlauf.sandbox.truth.earnings import earning_tables
from umlauf.sandbox.truth.inventory import inventory_tables
from umlauf.sandbox.truth.ledgers import ledger_tables
from umlauf.sandbox.truth.movements import movement_tables
from umlauf.sandbox.truth.pipeline import pipeline_tables
from umlauf.sandbox.truth.products import product_tables
from umlauf.sandbox.truth.scorecard import scorecard_tables
from umlauf.sandbox.truth.selling import selling_tables
from umlauf.sandbox.truth.statement import statement_tables
from umlauf.sandbox.truth.working_capital import working_capital_tables

__all__ = ["write_truth"]


def write_truth(home: Path, at: datetime | None = None) -> Path:
    """Write the truth as known at an instant (default: the sandbox's clock); return its folder.

    Raises:
        FileNotFoundError: no company was made here yet.
    """
    moment = at or read_clock(home)
    known_until = round(moment.timestamp() * 1000)
    last_day = business_day(known_until) - 1
    folder = home / "sandbox" / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    diary = Diary(home, known_until)
    parts = (
        pipeline_tables,
        movement_tables,
        conversion_tables,
        selling_tables,
        inventory_tables,
        product_tables,
        earning_tables,
        scorecard_tables,
        cash_tables,
        ledger_tables,
        document_tables,
        statement_tables,
        working_capital_tables,
        behaviour_tables,
    )
    for part in parts:
        for name, table in part(diary, last_day).items():
            partial = folder / f".{name}.partial"
            pq.write_table(table, partial, compression="zstd")
            partial.replace(folder / f"{name}.parquet")
    return folder
