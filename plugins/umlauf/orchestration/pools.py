"""How much may run at once. Airflow never starts a task whose pool does not exist."""

from __future__ import annotations

from dataclasses import dataclass


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
