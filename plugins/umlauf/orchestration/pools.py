"""How much may run at once. Airflow never starts a task whose pool does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from umlauf.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A named number of slots."""

    name: str
    slots: int
    description: str


LANDING = Pool(name="landing", slots=4, description="Sources that are read at the same time.")
# DuckDB takes one writing process at a time, and one step opens the warehouse at a time.
WAREHOUSE = Pool(name="warehouse", slots=1, description="The one step that holds the warehouse.")
POOLS = (LANDING, WAREHOUSE)


def pools_of(companies: Iterable[Settings]) -> list[Pool]:
    """Return the pools of these companies: none waits for slots that another holds."""
    return [replace(pool, name=company.named(pool.name)) for company in companies for pool in POOLS]
