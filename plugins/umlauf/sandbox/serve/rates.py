"""Rate limits as HubSpot counts them: so many requests in a rolling interval."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RateLimits:
    """Requests per second the sandbox's HubSpot allows; 0 means no limit.

    HubSpot counts ordinary requests over ten seconds (19 a second for a private app of a
    Professional account) and searches over one second (5 a second for the whole account).
    https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
    """

    requests_per_second: float = 0
    searches_per_second: float = 5


class Rolling:
    """Counts requests in the last `seconds` and refuses the one too many."""

    def __init__(self, per_second: float, seconds: int) -> None:
        self.most = max(1, round(per_second * seconds)) if per_second else 0
        self.seconds = seconds
        self.seen: deque[float] = deque(maxlen=self.most or 1)

    def wait(self) -> int:
        """Count one request; return 0, or in how many seconds the next one may come."""
        if not self.most:
            return 0
        now = time.monotonic()
        if len(self.seen) == self.most and (left := self.seen[0] + self.seconds - now) > 0:
            return max(1, math.ceil(left))
        self.seen.append(now)
        return 0
