"""Run many inputs in a child process; one that hangs or dies costs the child, not the campaign."""

import multiprocessing
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.fuzz.worker import MOST_BYTES, serve

MOST_SECONDS = 2.0
_PATIENCE = 20.0
_SERVES = 200  # inputs per process; a real one serves a night's files and ends, too


@dataclass
class Result:
    """What a campaign found; `failures` are (wanted, what)."""

    outcomes: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)
    slowest: tuple = (0.0, "")  # of the processor: what a busy machine does not change
    longest: tuple = (0.0, "")  # by the clock
    largest: tuple = (0, "")
    seconds: float = 0.0

    def take(self, wanted, kind, outcome, reason, seconds, cpu_seconds, peak):
        """Count one input, judge it and return what it failed in."""
        self.outcomes[kind, outcome] += 1
        self.slowest = max(self.slowest, (cpu_seconds, str(wanted)))
        self.longest = max(self.longest, (seconds, str(wanted)))
        self.largest = max(self.largest, (peak, str(wanted)))
        failed = []
        if outcome not in ("read", "rejected"):
            failed.append((wanted, f"{kind} {outcome}: {reason}"))
        if cpu_seconds > MOST_SECONDS:
            failed.append((wanted, f"{kind} took {cpu_seconds:.1f} s"))
        if peak > MOST_BYTES:
            failed.append((wanted, f"{kind} took {peak / 1e6:.0f} MB"))
        self.failures += failed
        return failed


class Child:
    """A watched process; a new one takes the place of one that hung or died."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="fuzz-")
        self.context = multiprocessing.get_context("spawn")
        self.process, self.served = None, 0

    def ask(self, wanted):
        """Return what became of an input."""
        if self.served == _SERVES:
            self.end()
        if self.process is None:
            self.start()
        self.served += 1
        self.pipe.send(wanted)
        if self.pipe.poll(_PATIENCE):
            try:
                return self.pipe.recv()
            except (EOFError, ConnectionError):
                pass
        return "?", "died", f"hung, or ended by itself (exit code {self.end()})", 0.0, 0.0, 0

    def start(self):
        """Start a process and wait until it has loaded everything."""
        self.pipe, theirs = self.context.Pipe()
        self.process = self.context.Process(target=serve, args=(theirs, self.home.name))
        self.process.start()
        theirs.close()
        if self.pipe.recv() != "ready":
            raise RuntimeError("the child did not start")

    def end(self):
        """End the process, however it is, and return its exit code if it had ended."""
        code = self.process.exitcode
        self.process.kill()
        self.process.join()
        self.process, self.served = None, 0
        return code

    def close(self):
        if self.process is not None:
            self.end()
        self.home.cleanup()


def campaign(wanted, *, children=1, tell=lambda failure: None):
    """Run `wanted`, (seed, number) pairs; tell failures as they come, return all that was found."""
    result, begun = Result(), time.perf_counter()
    rest, lock = iter(wanted), threading.Lock()

    def work():
        child = Child()
        try:
            while True:
                with lock:
                    one = next(rest, None)
                if one is None:
                    return
                answer = child.ask(one)
                with lock:
                    for failure in result.take(one, *answer):
                        tell(failure)
        finally:
            child.close()

    with ThreadPoolExecutor(children) as threads:
        for done in [threads.submit(work) for _ in range(children)]:
            done.result()
    result.seconds = time.perf_counter() - begun
    return result
