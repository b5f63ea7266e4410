"""When to ask again, and how long to wait before."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from umlauf.spec import Limits

# 423 and 477 are HubSpot's "locked" and "migrating"; 520-526 are Cloudflare's.
RETRYABLE = frozenset({408, 423, 425, 429, 477, 500, 502, 503, 504, *range(520, 527)})

FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _uniform(low: float, high: float) -> float:
    return random.uniform(low, high)  # noqa: S311 - spreads retries, guards nothing


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Time and chance, as a test can replace them."""

    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = _uniform
    now: Callable[[], datetime] = _utc_now


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for; None when it is absent or senseless.

    Both forms of RFC 9110 section 10.2.3: seconds, or an HTTP date. A negative number and a date
    in the past say nothing about when to come back.
    """
    if header is None:
        return None
    text = header.strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    return seconds if seconds >= 0 else None  # NaN compares false


@dataclass(kw_only=True)
class Patience:
    """The waits of one request: at most `max_retries`, together at most the ceiling."""

    limits: Limits
    pace: Pace
    retries: int = 0
    waited: float = field(default=0.0)

    def next_wait(self, retry_after: str | None = None) -> float | None:
        """Return the seconds to wait before asking again; None when patience is over.

        Exponential backoff with full jitter, never less than Retry-After asks for; what is left
        below the ceiling caps it, so an absurd Retry-After is tried once more and then given up.
        """
        left = self.limits.retry_after_ceiling - self.waited
        if self.retries >= self.limits.max_retries or left <= 0:
            return None
        backoff = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2**self.retries)
        asked = retry_after_seconds(retry_after, self.pace.now()) or 0.0
        wait = min(left, asked + self.pace.uniform(0, backoff))
        self.retries += 1
        self.waited += wait
        return wait
