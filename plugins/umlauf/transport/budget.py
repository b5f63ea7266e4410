"""A rate budget: how many requests a second one source may cost, whoever asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BURST_SECONDS = 2.0  # 8 a second stay below 100 in any 10 s, HubSpot's smallest allowance


class Budget:
    """Token bucket, safe between threads: `rate` requests per second, unused ones saved a while."""

    def __init__(
        self,
        rate: float,
        *,
        burst_seconds: float = BURST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rate = rate
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._most = max(1.0, rate * burst_seconds)
        self._left = self._most
        self._seen = clock()

    def take(self) -> None:
        """Take one token; sleeps until it is there."""
        with self._lock:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._seen) * self.rate) - 1
            self._seen = now
            wait = -self._left / self.rate
        if wait > 0:
            self._sleep(wait)


_shared: dict[tuple[str, float, float], Budget] = {}
_shared_lock = threading.Lock()


def shared_budget(name: str, rate: float, burst_seconds: float = BURST_SECONDS) -> Budget:
    """Return this process's one budget for `name`, so that parallel clients share it."""
    with _shared_lock:
        given = (name, rate, burst_seconds)
        return _shared.setdefault(given, Budget(rate, burst_seconds=burst_seconds))
