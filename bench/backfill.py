"""A year of three sources by the `backfill` DAG, beside what its nights would have taken."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.contenders.airflow_backfill import DAYS
from bench.result import Result, run_child


def measure(folder: Path) -> Iterator[Result]:
    """Yield the seconds of the backfill, of a night (the median of three) and of a rollback.

    Nights are not run 365 times: the year by nights is one night times the days.
    """
    home = folder / "backfill"
    shutil.rmtree(home, ignore_errors=True)
    figures = run_child("bench.contenders.airflow_backfill", str(home))
    shutil.rmtree(home)
    for name, seconds in figures.items():
        if name.startswith("task_"):
            yield Result(name=f"backfill_{name}_seconds", value=seconds, unit="s")
    yield Result(name="backfill_year_seconds", value=figures["backfill"], unit="s", goal="<= 600")
    yield Result(name="backfill_night_seconds", value=figures["night"], unit="s")
    times = DAYS * figures["night"] / figures["backfill"]
    yield Result(name="year_of_nights_over_backfill", value=times, unit="times", goal=">= 20")
    yield Result(name="rollback_seconds", value=figures["rollback"], unit="s", goal="<= 1")
