"""What a build of everything and a night cost, layer by layer, as history grows.

    python -m bench history      the default sandbox company; part of `make bench`
    python -m bench scale10      ten times as much, and how a night grows
    python -m bench scale100     a hundred times: 4 million stock moves

The larger companies are kept in <home>/bench/scale-<n>, since making and landing them takes long.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench.result import Result, run_child
from umlauf.sandbox.clock import advance
from umlauf.sandbox.company import make
from umlauf.settings import load_settings

END = date(2026, 11, 20)
FULL = ("full", "check", "publish", "report")
NIGHT = ("land", "build", "check", "publish", "report")
MOST_MB, MOST_MS, MOST_TIMES, SLOWEST = 4096, 100, 1.3, 3
Figures = dict[str, dict[str, float]]


def measure(folder: Path) -> Iterator[Result]:
    """Yield the figures of the default company."""
    yield from _results(folder, 1)
    shutil.rmtree(folder / "scale-1")


def measure_10(folder: Path) -> Iterator[Result]:
    """Yield the figures of ten times the company, and its night beside that of the default one."""
    yield from _results(folder, 1)
    yield from _results(folder, 10)
    one, ten = (json.loads(_kept(folder, scale).read_text()) for scale in (1, 10))
    for layer in NIGHT:
        times = ten[layer]["cpu_seconds"] / one[layer]["cpu_seconds"]
        yield Result(name=f"night_{layer}_at_10x_history", value=times, unit="times")
    goal = f"<= {MOST_TIMES}"
    # CPU seconds: the same on a machine that has other things to do as well.
    times = _sum(ten, "cpu_seconds") / _sum(one, "cpu_seconds")
    yield Result(name="night_at_10x_history", value=times, unit="times", goal=goal)


def measure_100(folder: Path) -> Iterator[Result]:
    """Yield the figures of a hundred times the company."""
    yield from _results(folder, 100)


def _results(folder: Path, scale: int) -> Iterator[Result]:
    home = folder / f"scale-{scale}"
    if not (home / "landed").exists():
        shutil.rmtree(home, ignore_errors=True)
        make(home, float(scale), 7, END)
        run_child("bench.contenders.layer", str(home), "land")
        (home / "landed").touch()
    for name in ("warehouse", "marts"):
        shutil.rmtree(home / name, ignore_errors=True)
    full = {layer: _layer(home, layer) for layer in FULL}
    slowest = list(_slowest(home))
    advance(home, days=1)
    night = {layer: _layer(home, layer) for layer in NIGHT}
    _kept(folder, scale).write_text(json.dumps(night))
    yield from _figures(f"full_x{scale}", full, goal=f"<= {MOST_MB}")
    yield from _figures(f"night_x{scale}", night, goal="")
    for name, seconds in slowest:
        yield Result(name=f"model_x{scale}_{name}", value=seconds, unit="s")
    queries = run_child("bench.contenders.layer", str(home), "page")
    for name, value in queries.items():
        if name != "peak_mb":
            goal = f"<= {MOST_MS}"
            yield Result(name=f"page_x{scale}_{name}", value=value, unit="ms", goal=goal)


def _figures(prefix: str, layers: Figures, *, goal: str) -> Iterator[Result]:
    for layer, found in layers.items():
        yield Result(name=f"{prefix}_{layer}_seconds", value=found["seconds"], unit="s")
        yield Result(name=f"{prefix}_{layer}_cpu", value=found["cpu_seconds"], unit="s")
        yield Result(name=f"{prefix}_{layer}_peak", value=found["peak_mb"], unit="MB", goal=goal)
    yield Result(name=f"{prefix}_seconds", value=_sum(layers, "seconds"), unit="s")
    yield Result(name=f"{prefix}_cpu", value=_sum(layers, "cpu_seconds"), unit="s")


def _layer(home: Path, layer: str) -> dict[str, float]:
    return run_child("bench.contenders.layer", str(home), layer)


def _slowest(home: Path) -> Iterator[tuple[str, float]]:
    """Yield the slowest models of the build of everything, with their seconds."""
    stated = json.loads((load_settings(home=home).warehouse / "build.json").read_bytes())
    models = [result for result in stated["results"] if result["kind"] == "model"]
    for model in sorted(models, key=lambda one: -one["seconds"])[:SLOWEST]:
        yield model["name"], model["seconds"]


def _sum(layers: Figures, name: str) -> float:
    return sum(found[name] for found in layers.values())


def _kept(folder: Path, scale: int) -> Path:
    return folder / f"night-x{scale}.json"
