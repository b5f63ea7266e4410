"""Publishes against readers: what they see, and how long they wait beside an idle publisher.

    python -m bench publishing                              20 publishes, 8 readers, 2,000 reads
    PUBLISHES=1000 READS=100000 python -m bench publishing  about three quarters of one hour

A publish is the product's own: a file written beside the snapshot, flushed, swapped in under the
lease. Its marts are small and stand for one build each, so that a reader can tell a torn file.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from bench.result import Result
from umlauf.landing.lease import hold_lease
from umlauf.publish.kept import swap_in
from umlauf.publish.snapshot import STORAGE_VERSION

READERS, MARTS, ROWS = 8, 5, 20_000
PUBLISHES = int(os.environ.get("PUBLISHES", "20"))
READS = int(os.environ.get("READS", "2000"))
MOST_TIMES = 1.2


@dataclass(kw_only=True)
class _Seen:
    """What one reader saw: seconds per read (open, ask every mart, close), and what was wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    torn: int = 0
    backwards: int = 0
    builds: set[int] = field(default_factory=set)


def measure(folder: Path) -> Iterator[Result]:
    """Yield what readers saw while the snapshot was replaced again and again."""
    home = folder / "publishing"
    shutil.rmtree(home, ignore_errors=True)
    file = home / "marts" / "marts.duckdb"
    file.parent.mkdir(parents=True)
    _publish(home, file, 0)
    idle = _read_by_all(file, lambda: None)
    busy = _read_by_all(file, lambda: _publish_evenly(home, file, idle))
    for name, value in (
        ("reads", len(busy.seconds)),
        ("builds_seen", len(busy.builds)),
    ):
        yield Result(name=f"publishing_{name}", value=value, unit="")
    for name, value in (
        ("errors", busy.errors), ("torn_reads", busy.torn), ("backward_reads", busy.backwards)
    ):  # fmt: skip
        yield Result(name=f"publishing_{name}", value=value, unit="", goal="<= 0")
    slow, fast = _p99(busy.seconds), _p99(idle.seconds)
    yield Result(name="publishing_read_p99_idle", value=fast * 1000, unit="ms")
    yield Result(name="publishing_read_p99_busy", value=slow * 1000, unit="ms")
    yield Result(
        name="publishing_read_p99_to_idle", value=slow / fast, unit="times", goal=f"<= {MOST_TIMES}"
    )
    shutil.rmtree(home)


def _publish(home: Path, file: Path, number: int) -> None:
    partial = file.with_suffix(f".{number}.partial")
    with hold_lease(home / "leases", "warehouse", 60) as lease:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"attach '{partial}' as marts (storage_version '{STORAGE_VERSION}')")
            for mart in range(MARTS):
                connection.execute(
                    f"create table marts.mart_{mart} as "
                    f"select {number} as build_id, range as id, range * 1.5 as amount "
                    f"from range({ROWS})"
                )
            connection.execute("checkpoint marts")
        swap_in(partial, file, lease)


def _publish_evenly(home: Path, file: Path, idle: _Seen) -> None:
    """Publish so that it lasts about as long as the readers read."""
    pause = sum(idle.seconds) / READERS / PUBLISHES
    for number in range(1, PUBLISHES + 1):
        begun = time.monotonic()
        _publish(home, file, number)
        time.sleep(max(0.0, pause - (time.monotonic() - begun)))


def _read_by_all(file: Path, meanwhile: Any) -> _Seen:
    context = multiprocessing.get_context("spawn")
    with context.Pool(READERS) as pool:
        waiting = pool.map_async(_read, [(file, READS // READERS)] * READERS, chunksize=1)
        meanwhile()
        seen = waiting.get()
    return _Seen(
        seconds=[second for one in seen for second in one.seconds],
        errors=sum(one.errors for one in seen),
        torn=sum(one.torn for one in seen),
        backwards=sum(one.backwards for one in seen),
        builds={build for one in seen for build in one.builds},
    )


def _read(given: tuple[Path, int]) -> _Seen:
    file, reads = given
    seen, newest = _Seen(), 0
    ask = " union ".join(f"select distinct build_id from mart_{mart}" for mart in range(MARTS))
    for _ in range(reads):
        begun = time.perf_counter()
        try:
            with duckdb.connect(file, read_only=True, config={"threads": 1}) as connection:
                builds = [build for (build,) in connection.execute(ask).fetchall()]
        except duckdb.Error:
            seen.errors += 1
            continue
        seen.seconds.append(time.perf_counter() - begun)
        seen.torn += len(builds) != 1
        seen.backwards += min(builds) < newest
        newest = max(builds)
        seen.builds.update(builds)
    return seen


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]
