"""One night of the default sandbox company, step by step, without Airflow."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.result import Result, run_child


def measure(folder: Path) -> Iterator[Result]:
    """Yield seconds per step of the first night (all history) and of the night after it."""
    home = folder / "night"
    shutil.rmtree(home, ignore_errors=True)
    figures = run_child("bench.contenders.plain_nights", str(home))
    shutil.rmtree(home)
    for name, value in figures.items():
        unit = "MB" if name.endswith("_mb") else "s"
        yield Result(name=f"night_{name}", value=value, unit=unit)
