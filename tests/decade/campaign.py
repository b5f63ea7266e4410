"""Let companies live through their nights: a landing each for some of them, one after the other."""

import logging
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import structlog

from tests.decade import faults
from tests.decade.judge import Judge, Nights
from tests.decade.world import simulated
from umlauf.landing.windows import NIGHT

FIRST = date(2024, 1, 1)
YEAR = 365
NOON = 12


@dataclass(frozen=True)
class Part:
    """So many nights in a row of one company, from a business day on."""

    seed: str
    first: date
    nights: int

    @property
    def again(self):
        """The options that play it again."""
        return f"--seed {self.seed} --first {self.first} --nights {self.nights}"


def parts_of(seed, first, nights, most=YEAR):
    """Cut nights into landings of so many."""
    starts = range(0, nights, most)
    return [Part(seed, first + timedelta(days=at), min(most, nights - at)) for at in starts]


def play(part, rate):
    """Live through a part and return what was counted, and the seconds of CPU it took."""
    begun = time.process_time()
    with _hushed(), tempfile.TemporaryDirectory(prefix="umlauf-decade-") as folder:
        start = datetime(part.first.year, part.first.month, part.first.day, NOON, tzinfo=UTC)
        with simulated(Path(folder), f"{part.seed} {part.first}", start, part.nights) as world:
            judge, zone = Judge(world), world.settings.zone
            for number in range(part.nights):
                day = part.first + timedelta(days=number)
                due = datetime.combine(day + timedelta(days=1), NIGHT, tzinfo=zone)
                fault = faults.draw(world, due.astimezone(UTC), rate)
                world.timeline.run_until(due.replace(hour=NOON, minute=0).astimezone(UTC))
                judge.judge(day, fault)
    return judge.nights, time.process_time() - begun


@contextmanager
def _hushed():
    """Keep what faults are for out of the log, for as long as they last."""
    before = structlog.get_config()
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)
        logging.disable(logging.NOTSET)


def play_all(parts, rate, workers, tell=lambda part, nights, seconds: None):
    """Live through all parts, so many at a time; `tell` hears of each that is over."""
    total, cpu = Nights(), 0.0
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part, (nights, seconds) in zip(
            parts, pool.map(play, parts, [rate] * len(parts)), strict=True
        ):
            tell(part, nights, seconds)
            total, cpu = total + nights, cpu + seconds
    return total, cpu
