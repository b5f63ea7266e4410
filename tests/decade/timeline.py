"""Simulated time: processes take turns on one thread, and only waiting lets time pass.

A process is a greenlet. Whatever it sleeps, polls, asks the network or flushes to disk, it gives
its turn back until that moment; the process whose moment comes first goes on. So hours of retries
take microseconds, every run of a seed is the same run, and two runs of the product interleave at
each such point as processes of one machine do.
"""

import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

from greenlet import GreenletExit, getcurrent, greenlet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Killed(GreenletExit):
    """The process is no more: nothing it would still do reaches the disk."""


class Process(greenlet):
    """Something that runs in simulated time; `outcome` is how it ended, None while it has not.

    With `steps_left` it is killed when it has waited so often.
    """

    def __init__(self, timeline, work):
        super().__init__(self._work)
        self.timeline, self.work = timeline, work
        self.outcome = self.waiting_for_it = self.steps_left = None
        self.is_dead = False

    def _work(self):
        try:
            self.outcome = ("well", self.work())
        except Killed:
            self.outcome = ("killed", None)
        except Exception as error:
            self.outcome = ("failed", error)
            if self.waiting_for_it is None:
                self.timeline.crashes.append(error)
        finally:
            if self.waiting_for_it is not None:
                self.timeline.later(self.waiting_for_it, 0)


class Timeline:
    """`true` is the real moment (aware UTC), `skew` what the machine's clock is off by.

    `crashes` are errors of processes that nobody waited for.
    """

    def __init__(self, start):
        self.true, self.skew, self.crashes = start, timedelta(), []
        self._hub, self._order, self._due = getcurrent(), count(), []

    def now(self):
        """Return what the machine's clock shows."""
        return self.true + self.skew

    def monotonic(self):
        """Return seconds that no setting of the clock changes."""
        return (self.true - EPOCH).total_seconds()

    def later(self, process, seconds):
        """Let a process go on in so many seconds."""
        due = self.true + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._due, (due, next(self._order), process))

    def sleep(self, seconds):
        """Wait; outside a process nothing waits."""
        process = getcurrent()
        if isinstance(process, Process):
            if process.steps_left is not None:
                process.steps_left -= 1
                process.is_dead |= process.steps_left < 0
            if process.is_dead:
                raise Killed
            self.later(process, seconds)
            self._hub.switch()

    def start(self, work, seconds=0):
        """Return a new process that begins in so many seconds."""
        process = Process(self, work)
        self.later(process, seconds)
        return process

    def join(self, process):
        """Wait for the end of a process and return its outcome."""
        if process.outcome is None:
            process.waiting_for_it = getcurrent()
            self._hub.switch()
        return process.outcome or ("killed", None)

    def kill(self, process):
        """End a process as kill -9 does; it is another one than the caller's."""
        if process.outcome is None and not process.is_dead:
            process.is_dead = True
            self.later(process, 0)

    def run_until(self, moment):
        """Let all processes run until then."""
        while self._due and self._due[0][0] <= moment:
            due, _, process = heapq.heappop(self._due)
            self.true = max(self.true, due)
            if process.dead:
                continue
            process.parent = self._hub
            if process.is_dead:
                process.throw(Killed)  # one that has not begun yet ends here as well
            else:
                process.switch()
        self.true = moment
