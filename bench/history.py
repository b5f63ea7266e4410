"""What a build of everything and a night cost, layer by layer, as history grows.

    python -m bench layers       the default sandbox company; part of `make bench`
    python -m bench history      a company of 30 months beside one of 3; part of `make bench`
    python -m bench scale10      ten times the company
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
    yield from _results(folder, "default")
    shutil.rmtree(folder / "default")


def measure_growth(folder: Path) -> Iterator[Result]:
    """Yield what a night costs a company of ten times the history, with the same news."""
    nights = []
    for months in (3, 30):
        home = _company(folder, f"months-{months}", months=months)
        _full(home)
        nights.append(_night(home))
        shutil.rmtree(home)
    yield from _growth("history", *nights, goal=f"<= {MOST_TIMES}")


def measure_10(folder: Path) -> Iterator[Result]:
    """Yield the figures of ten times the company, and its night beside that of the default one."""
    yield from _results(folder, "default")
    yield from _results(folder, "scale-10", 10)
    one, ten = (json.loads(_kept(folder, name).read_text()) for name in ("default", "scale-10"))
    yield from _growth("company", one, ten, goal="")


def measure_100(folder: Path) -> Iterator[Result]:
    """Yield the figures of a hundred times the company."""
    yield from _results(folder, "scale-100", 100)


def _results(folder: Path, name: str, scale: int = 1) -> Iterator[Result]:
    home = _company(folder, name, scale)
    full = _full(home)
    slowest = list(_slowest(home))
    night = _night(home)
    _kept(folder, name).write_text(json.dumps(night))
    yield from _figures(f"full_x{scale}", full, goal=f"<= {MOST_MB}")
    yield from _figures(f"night_x{scale}", night, goal="")
    for model, seconds in slowest:
        yield Result(name=f"model_x{scale}_{model}", value=seconds, unit="s")
    queries = run_child("bench.contenders.layer", str(home), "page")
    for query, value in queries.items():
        if query != "peak_mb":
            goal = f"<= {MOST_MS}"
            yield Result(name=f"page_x{scale}_{query}", value=value, unit="ms", goal=goal)


def _company(folder: Path, name: str, scale: int = 1, months: int = 24) -> Path:
    """Return the home of a company that has landed all it had at its end."""
    home = folder / name
    if not (home / "landed").exists():
        shutil.rmtree(home, ignore_errors=True)
        make(home, float(scale), 7, END, months=months)
        _layer(home, "land")
        (home / "landed").touch()
    return home


def _full(home: Path) -> Figures:
    for name in ("warehouse", "marts"):
        shutil.rmtree(home / name, ignore_errors=True)
    return {layer: _layer(home, layer) for layer in FULL}


def _night(home: Path) -> Figures:
    advance(home, days=1)
    return {layer: _layer(home, layer) for layer in NIGHT}


def _growth(what: str, small: Figures, large: Figures, *, goal: str) -> Iterator[Result]:
    # CPU seconds: the same on a machine that has other things to do as well.
    for layer in NIGHT:
        times = large[layer]["cpu_seconds"] / small[layer]["cpu_seconds"]
        yield Result(name=f"night_{layer}_at_10x_{what}", value=times, unit="times")
    for size, figures in (("small", small), ("large", large)):
        cpu = _sum(figures, "cpu_seconds")
        yield Result(name=f"night_cpu_of_{size}_{what}", value=cpu, unit="s")
    times = _sum(large, "cpu_seconds") / _sum(small, "cpu_seconds")
    yield Result(name=f"night_at_10x_{what}", value=times, unit="times", goal=goal)


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


def _kept(folder: Path, name: str) -> Path:
    return folder / f"night-{name}.json"
