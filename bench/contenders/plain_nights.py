"""The default sandbox company's history and one more night, landed and published without Airflow.

python -m bench.contenders.plain_nights HOME
"""

import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from umlauf.sandbox.serve.running import Addresses, running_apart

from umlauf.nightly import run_night
from umlauf.sandbox.clock import advance
from umlauf.sandbox.company import make
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.settings import load_settings

END = date(2026, 11, 20)
FAST = 1e6


def main(home: Path) -> None:
    """Print the seconds of every step of both nights as JSON."""
    settings = load_settings(
        home=home,
        sources={name: {"requests_per_second": FAST} for name in ("bank", "hubspot", "odoo")},
    )
    make(home, 1.0, 7, END)
    limits = RateLimits(requests_per_second=FAST, searches_per_second=FAST)
    with running_apart(home, limits) as addresses:
        os.environ |= connections(addresses)
        first = run_night(settings, [END])
        advance(home, days=1)
        second = run_night(settings, [END + timedelta(days=1)])
    figures = _figures("first", first.seconds) | _figures("next", second.seconds)
    sys.stdout.write(json.dumps(figures) + "\n")


def connections(addresses: Addresses) -> dict[str, str]:
    """Return AIRFLOW_CONN_* for the served sandbox."""
    bank: dict[str, Any] = {
        "url": addresses.sftp,
        "host_key": addresses.sftp_host_key,
        "private_key_file": addresses.sftp_client_key,
    }
    declared: dict[str, dict[str, Any]] = {
        "hubspot": {"host": addresses.hubspot, "password": "sandbox-token"},
        "odoo": {
            "host": addresses.odoo,
            "password": "sandbox-key",
            "extra": {"database": "sandbox", "searches_per_second": FAST},
        },
        "bank": {"host": f"file://{addresses.bank_inbox}", "extra": {"places": [bank]}},
    }
    return {
        f"AIRFLOW_CONN_{name.upper()}_DEFAULT": json.dumps({"conn_type": "http"} | about)
        for name, about in declared.items()
    }


def _figures(night: str, seconds: dict[str, float]) -> dict[str, float]:
    """Sum the landings; keep the other steps as they are."""
    landing = sum(value for step, value in seconds.items() if step.startswith("land "))
    steps = {step: value for step, value in seconds.items() if not step.startswith("land ")}
    named = {"land": landing, **steps, "total": sum(seconds.values())}
    return {f"{night}_{step}": round(value, 3) for step, value in named.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
