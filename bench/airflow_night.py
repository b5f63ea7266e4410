"""The first night of the default sandbox company, plain and under Airflow, in one run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.result import Result, run_child


def measure(folder: Path) -> Iterator[Result]:
    """Yield both nights' seconds and their ratio; Airflow's own start is reported apart.

    Both land the whole history and build, check, publish and report once. Airflow lands its
    three nights after that too, so the comparison is not in its favour.
    """
    homes = folder / "plain-night", folder / "airflow-night"
    for home in homes:
        shutil.rmtree(home, ignore_errors=True)
    plain = run_child("bench.contenders.plain_nights", str(homes[0]), "1")["first_total"]
    airflow = run_child("bench.contenders.airflow_nights", str(homes[1]))
    for home in homes:
        shutil.rmtree(home)
    yield Result(name="plain_night_seconds", value=plain, unit="s")
    yield Result(name="airflow_night_seconds", value=airflow["night"], unit="s")
    yield Result(name="airflow_start_seconds", value=airflow["start"], unit="s")
    ratio = airflow["night"] / plain
    yield Result(name="airflow_over_plain", value=ratio, unit="times", goal="<= 2")
