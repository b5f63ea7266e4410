"""One layer of a night on its own, so that its peak memory is its alone.

python -m bench.contenders.layer HOME land|build|full|check|publish|report|page
"""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from umlauf.landing.run import utc_now
from umlauf.landing.windows import business_day
from umlauf.nightly import enabled_sources, land_one
from umlauf.publish.snapshot import publish_build
from umlauf.quality.gate import check_build
from umlauf.report import figures
from umlauf.report.page import write_report
from umlauf.sandbox.clock import read_clock
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import running_apart
from umlauf.settings import Settings, load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import build_new

FAST = 1e6
REPEATS = 5


def main(home: Path, layer: str) -> None:
    """Print wall and CPU seconds of the layer as JSON.

    CPU of children is included, but for landing, whose only child plays the company's systems.
    """
    fast = {name: {"requests_per_second": FAST} for name in ("bank", "hubspot", "odoo")}
    settings = load_settings(home=home, sources=fast)
    if layer == "page":
        sys.stdout.write(json.dumps(_page(settings)) + "\n")
        return
    own = [resource.RUSAGE_SELF]
    who = own if layer == "land" else [*own, resource.RUSAGE_CHILDREN]
    begun, used = time.monotonic(), _cpu_seconds(who)
    _run(settings, layer)
    found = {"seconds": time.monotonic() - begun, "cpu_seconds": _cpu_seconds(who) - used}
    sys.stdout.write(json.dumps(found) + "\n")


def _run(settings: Settings, layer: str) -> None:
    at = datetime.now(UTC)
    if layer == "land":
        _land(settings)
    elif layer in ("build", "full"):
        build_new(settings, all_sources(), is_forced=True, is_full=layer == "full")
    elif layer == "check":
        check_build(settings, _build_id(settings), at=at)
    elif layer == "publish":
        publish_build(settings, _build_id(settings), at=at)
    else:
        write_report(settings, at=utc_now())


def _land(settings: Settings) -> None:
    now = read_clock(settings.home)
    day = business_day(now, settings.zone)
    limits = RateLimits(requests_per_second=0, searches_per_second=0)
    with running_apart(settings.home, limits) as addresses:
        os.environ |= connections(addresses)
        for source in enabled_sources(settings):
            land_one(settings, source.name, day, clock=lambda: now)


def _build_id(settings: Settings) -> str:
    stated: dict[str, str] = json.loads((settings.warehouse / "build.json").read_bytes())
    return stated["build_id"]


def _page(settings: Settings) -> dict[str, float]:
    """Return the median milliseconds of each query of the morning page."""
    folder = Path(figures.__file__).parent / "queries"
    found = {}
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        asked = "select build_id, as_of_date as as_of from trust.build order by published_at"
        build_id, as_of = connection.execute(asked).fetchall()[-1]
        known = {"build_id": build_id, "as_of": as_of}
        for file in sorted(folder.glob("*.sql")):
            sql = file.read_text()
            values = {name: value for name, value in known.items() if f"${name}" in sql}
            times = []
            for _ in range(REPEATS):
                begun = time.perf_counter()
                connection.execute(sql, values).fetchall()
                times.append(1000 * (time.perf_counter() - begun))
            found[file.stem] = statistics.median(times)
    return found


def _cpu_seconds(who: Sequence[int]) -> float:
    usages = [resource.getrusage(one) for one in who]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
