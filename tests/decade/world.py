"""One company and the machine that lands it, in simulated time; what is replaced stands here."""

import os
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from greenlet import getcurrent

from tests.decade import light, scheduler
from tests.decade.company import STREAMS, dice_of, make_company
from tests.decade.landed import Landed
from tests.decade.light import Light
from tests.decade.scheduler import Scheduler
from tests.decade.timeline import EPOCH, Process, Timeline
from tests.decade.vendors import CONNECTIONS, Vendors
from umlauf.landing import batch, census, commits, lease, ledger, run, stream, windows
from umlauf.orchestration import connections, failures, steps
from umlauf.settings import load_settings
from umlauf.sources import registry
from umlauf.transport import http
from umlauf.transport.auth import load_connection
from umlauf.transport.retry import Pace

FSYNC_SECONDS = 0.02


class World:
    """All there is in a simulation."""

    def __init__(self, home, seed, start, nights):
        self.home, self.seed, self.nights = home, seed, nights
        self.timeline, self.dice = Timeline(start), dice_of(seed, "faults")
        first = int((start - EPOCH).total_seconds() * 1000)
        self.truth = make_company(home, seed, first, nights + 3)
        self.vendors = Vendors(home, self.timeline, dice_of(seed, "vendors"))
        self.landed = Landed()
        self.light = Light(self.timeline, self.landed)
        self.disk_error = lambda: None  # an OSError while the disk is in trouble
        self.scheduler = self.settings = None

    def close(self):
        self.vendors.close()

    def flush(self):
        """Take the time that flushing takes; a full disk refuses."""
        process = getcurrent()
        if not isinstance(process, Process):
            return
        if (error := self.disk_error()) and not process.is_dead:
            raise error
        self.timeline.sleep(FSYNC_SECONDS)


@contextmanager
def simulated(home, seed, start, nights):
    """Yield a world; until the block ends the product's time, network and disk are its own.

    Replaced, beside dbt, gates and publishing (tests.decade.light) and Airflow's processes
    (tests.decade.scheduler): clock and waiting; the socket; flushing to disk; that unchanging files
    are read again each night; streams and sources that are none of the company's.
    """
    world = World(home, seed, start, nights)
    try:
        with ExitStack() as held:
            for one in _stand_ins(world):
                held.enter_context(one)
            world.settings = settings = load_settings()
            for module, name in (
                (steps, "task_settings"),
                (failures, "task_settings"),
                (light, "load_settings"),
                (scheduler, "load_settings"),
            ):
                held.enter_context(patch.object(module, name, lambda *_: settings))
            world.scheduler = Scheduler(world.timeline)
            yield world
    finally:
        world.close()


def _stand_ins(world):
    timeline, landed = world.timeline, world.landed
    time = SimpleNamespace(sleep=timeline.sleep, monotonic=timeline.monotonic)
    clock = _clock(timeline)
    yield patch.dict(
        os.environ,
        CONNECTIONS
        | {
            "UMLAUF_HOME": str(world.home / "var"),
            "UMLAUF_SOURCES__HUBSPOT__REQUESTS_PER_SECOND": "1000000",
            "UMLAUF_SOURCES__ODOO__REQUESTS_PER_SECOND": "1000000",
        },
    )
    for module in (lease, commits, steps, stream):
        yield patch.object(module, "time", time)
    yield patch.object(run, "datetime", clock)
    yield patch("airflow.timetables.trigger.utcnow", timeline.now)
    yield patch.object(http, "Pace", partial(Pace, sleep=timeline.sleep, now=timeline.now))
    yield patch.object(http, "DeadlineAdapter", world.vendors.adapter)
    yield patch.object(http, "Watchdog", _NoWatchdog)
    for module in (batch, windows, census):
        yield patch.object(module, "read_about", landed.read_about)
    yield patch.object(ledger, "read_counted", landed.read_counted)
    yield patch("os.fsync", lambda _: world.flush())
    yield patch.object(Path, "unlink", _unlink)
    sources = tuple(_cut(one) for one in registry.all_sources() if one.name in _names())
    yield patch.object(registry, "all_sources", lambda: sources)
    for module in (light, scheduler):
        yield patch.object(module, "all_sources", lambda: sources)
    yield patch.object(connections, "airflow_connection", load_connection)
    for name in ("build", "check", "publish"):
        yield patch.object(steps, name, getattr(world.light, name))
    yield patch.object(steps, "report", lambda _: None)


def _names():
    return {source for source, _ in STREAMS}


def _cut(source):
    """Return the source with the company's streams alone."""
    kept = (one for one in source.streams if (source.name, one.name) in STREAMS)
    return replace(source, streams=tuple(kept))


def _clock(timeline):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return timeline.now().astimezone(tz)

    return Clock


_UNLINK = Path.unlink


def _unlink(self, missing_ok=False):
    process = getcurrent()
    if not (isinstance(process, Process) and process.is_dead):  # the dead clean nothing up
        _UNLINK(self, missing_ok)


class _NoWatchdog:
    """Silence is simulated, so no thread has to watch for it."""

    def __init__(self, seconds):
        self.seconds = seconds

    @contextmanager
    def deadline(self):
        yield SimpleNamespace(is_over=False)

    def close(self):
        pass
