"""Run many inputs in a child process; one that hangs or dies costs the child, not the campaign."""

import multiprocessing
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.worker import MOST_BYTES, serve

MOST_SECONDS = 2.0
_PATIENCE = 20.0


@dataclass
class Result:
    """What a campaign found; `failures` are (wanted, what)."""

    outcomes: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)
    slowest: tuple = (0.0, None)
    largest: tuple = (0, None)
    seconds: float = 0.0

    def take(self, wanted, kind, outcome, reason, seconds, peak):
        """Count one input and judge it."""
        self.outcomes[kind, outcome] += 1
        self.slowest = max(self.slowest, (seconds, str(wanted)))
        self.largest = max(self.largest, (peak, str(wanted)))
        if outcome not in ("read", "rejected"):
            self.failures.append((wanted, f"{kind} {outcome}: {reason}"))
        if seconds > MOST_SECONDS:
            self.failures.append((wanted, f"{kind} took {seconds:.1f} s"))
        if peak > MOST_BYTES:
            self.failures.append((wanted, f"{kind} took {peak / 1e6:.0f} MB"))


class Child:
    """A watched process; a new one takes the place of one that hung or died."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="fuzz-")
        self.context = multiprocessing.get_context("spawn")
        self.process = None

    def ask(self, wanted):
        """Return what became of an input."""
        if self.process is None:
            self.start()
        self.pipe.send(wanted)
        if self.pipe.poll(_PATIENCE):
            try:
                return self.pipe.recv()
            except (EOFError, ConnectionError):
                pass
        self.process.kill()
        self.process.join()
        code, self.process = self.process.exitcode, None
        return "?", "died", f"hung, or ended by itself (exit code {code})", 0.0, 0

    def start(self):
        """Start a process and wait until it has loaded everything."""
        self.pipe, theirs = self.context.Pipe()
        self.process = self.context.Process(target=serve, args=(theirs, self.home.name))
        self.process.start()
        theirs.close()
        if self.pipe.recv() != "ready":
            raise RuntimeError("the child did not start")

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.join()
        self.home.cleanup()


def campaign(wanted):
    """Return the result of running `wanted`: (seed, number) pairs or cases."""
    result, child, begun = Result(), Child(), time.perf_counter()
    try:
        for one in wanted:
            result.take(one, *child.ask(one))
    finally:
        child.close()
    result.seconds = time.perf_counter() - begun
    return result
