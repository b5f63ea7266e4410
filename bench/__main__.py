"""Run every benchmark, print a table, write `<home>/bench/results.json`.

    make bench                      all
    python -m bench landing camt    some
    python -m bench scale10         what takes too long for every day: ten times the company

results.json: {name: {value, unit, goal, met}}; a run of some keeps the others' last values.
"""

from __future__ import annotations

import json
import sys

from rich.console import Console
from rich.table import Table

from bench import airflow_night, backfill, camt, history, landing, night, postgres, publishing
from bench.result import Result
from umlauf.settings import load_settings

BENCHMARKS = {
    "landing": landing.measure,
    "camt": camt.measure,
    "night": night.measure,
    "layers": history.measure,
    "history": history.measure_growth,
    "airflow": airflow_night.measure,
    "publishing": publishing.measure,
    "postgres": postgres.measure,
    "backfill": backfill.measure,
}
ON_REQUEST = {"scale10": history.measure_10, "scale100": history.measure_100}


def main(names: list[str]) -> int:
    """Run the named benchmarks (all by default); 2 when a name is unknown."""
    benchmarks = BENCHMARKS | ON_REQUEST
    if unknown := [name for name in names if name not in benchmarks]:
        sys.stderr.write(f"bench: no {', '.join(unknown)}; there are {', '.join(benchmarks)}\n")
        return 2
    settings = load_settings()
    folder = settings.home / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    for name in names or list(BENCHMARKS):
        for result in benchmarks[name](folder):
            known[result.name] = result.to_dict()
            file.write_text(json.dumps(known, indent=1) + "\n")
            _print([result])
    return 0


def _print(results: list[Result]) -> None:
    table = Table(show_header=False, box=None)
    for result in results:
        met = "" if result.met is None else "met" if result.met else "NOT met"
        table.add_row(
            f"{result.name:<40}", f"{result.value:>10,.2f} {result.unit:<10}", result.goal, met
        )
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
