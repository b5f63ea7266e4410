"""What builds a warehouse: a dbt of some environment, and where it writes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from umlauf.settings import Settings
from umlauf.warehouse.increment import set_doubtful_aside


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A target of `dbt_project/profiles.yml` with the dbt that knows it.

    `versions` belong to what a warehouse is made of. `clear` makes way for a warehouse built anew.
    """

    target: str
    dbt: Path
    versions: tuple[str, ...]
    clear: Callable[[Settings], None]
    environment: Mapping[str, str] = field(default_factory=dict)


def duckdb_engine() -> Engine:
    """Return the engine of the nights: one file, in this process's own environment."""
    packages = ("dbt-core", "dbt-duckdb", "duckdb")
    return Engine(
        target="duckdb",
        dbt=Path(sys.executable).with_name("dbt"),
        versions=tuple(version(package) for package in packages),
        clear=set_doubtful_aside,
    )
