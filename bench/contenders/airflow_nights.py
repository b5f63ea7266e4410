"""The demo's nights under a real Airflow; its start, and its nights, timed apart.

python -m bench.contenders.airflow_nights HOME
"""

import json
import sys
import time
from pathlib import Path

from umlauf.local.demo import run_nights
from umlauf.local.ports import Ports
from umlauf.settings import load_settings


def main(home: Path) -> None:
    """Print the seconds of starting, and of the nights, as JSON."""
    begun = time.monotonic()
    steps = run_nights(load_settings(home=home), Ports(), 1.0)
    landing = min(step.begun for step in steps if step.name.startswith("land "))
    ended = max(step.ended or 0.0 for step in steps if step.name == "morning page")
    figures = {"start": landing - begun, "night": ended - landing}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
