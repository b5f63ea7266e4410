"""Land 300,000 nested CRM records into a typed, keyed table: beside dlt, and beside the floor."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.deals_server import running
from bench.result import Result, run_child

RECORDS = 300_000
DLT_LOCK = Path(__file__).with_name("requirements-dlt.txt")


def measure(folder: Path) -> Iterator[Result]:
    """Yield the figures; all ways read the same server, one after the other, in one run."""
    python = _dlt_environment(folder)
    home = folder / "landing"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    with running(RECORDS) as url:
        floor = run_child("bench.contenders.floor", url)
        ours = run_child("bench.contenders.umlauf_landing", url, str(home / "ours"))
        dlt = run_child("bench.contenders.dlt_landing", url, str(home), python=python)
    for way in (floor, ours, dlt):
        if way["records"] != RECORDS:
            raise RuntimeError(f"bench: {way['records']} of {RECORDS} records arrived")
    with running(RECORDS // 10) as url:
        tenth = run_child("bench.contenders.umlauf_landing", url, str(home / "tenth"))
    shutil.rmtree(home)
    yield Result(name="landing_floor_seconds", value=floor["seconds"], unit="s")
    yield Result(name="landing_seconds", value=ours["seconds"], unit="s")
    yield Result(name="landing_dlt_seconds", value=dlt["seconds"], unit="s")
    times = dlt["seconds"] / ours["seconds"]
    yield Result(name="landing_vs_dlt", value=times, unit="times", goal=">= 15")
    times = ours["seconds"] / floor["seconds"]
    yield Result(name="landing_vs_floor", value=times, unit="times", goal="<= 3")
    yield Result(name="landing_peak_mb", value=ours["peak_mb"], unit="MB", goal="<= 500")
    yield Result(name="landing_peak_mb_at_a_tenth", value=tenth["peak_mb"], unit="MB")


def _dlt_environment(folder: Path) -> Path:
    """Return the Python of dlt's own hash-locked environment, made on first use."""
    environment = folder / "dlt-environment"
    python = environment / "bin" / "python"
    if not python.exists():
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes",
             "--compile-bytecode", "-r", DLT_LOCK],
            check=True,
        )  # fmt: skip
    return python
