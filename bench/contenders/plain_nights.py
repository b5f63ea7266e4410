"""The default sandbox company's history and one more night, landed and published without Airflow.

python -m bench.contenders.plain_nights HOME [1]      1: the first night only
"""

import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path

from umlauf.nightly import run_night
from umlauf.sandbox.clock import advance
from umlauf.sandbox.company import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import running_apart
from umlauf.settings import load_settings

END = date(2026, 11, 20)
FAST = 1e6


def main(home: Path, nights: int = 2) -> None:
    """Print the seconds of every step of the nights as JSON."""
    settings = load_settings(
        home=home,
        sources={name: {"requests_per_second": FAST} for name in ("bank", "hubspot", "odoo")},
    )
    make(home, 1.0, 7, END)
    limits = RateLimits(requests_per_second=0, searches_per_second=0)
    with running_apart(home, limits) as addresses:
        os.environ |= connections(addresses)
        figures = _figures("first", run_night(settings, END).seconds)
        if nights > 1:
            advance(home, days=1)
            figures |= _figures("next", run_night(settings, END + timedelta(days=1)).seconds)
    sys.stdout.write(json.dumps(figures) + "\n")


def _figures(night: str, seconds: dict[str, float]) -> dict[str, float]:
    """Sum the landings; keep the other steps as they are."""
    landing = sum(value for step, value in seconds.items() if step.startswith("land "))
    steps = {step: value for step, value in seconds.items() if not step.startswith("land ")}
    named = {"land": landing, **steps, "total": sum(seconds.values())}
    return {f"{night}_{step}": round(value, 3) for step, value in named.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
