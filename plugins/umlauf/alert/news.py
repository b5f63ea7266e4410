"""What somebody has not been told yet: what has begun, and what is over.

Decided from what is wrong now and what has been told, never from an event: whoever asks twice, late
or after a crash finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from umlauf.alert.told import Told
from umlauf.health.trouble import Trouble
from umlauf.health.troubles import UNKNOWN


@dataclass(frozen=True, kw_only=True)
class News:
    """What is to be told."""

    begun: tuple[Trouble, ...]
    over: tuple[Told, ...]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.begun or self.over)


def find_news(troubles: Sequence[Trouble], told: Sequence[Told], warning_nights: int) -> News:
    """Return what of it is worth waking somebody for and has not been told, and what has ended.

    A check that only warns is worth it after `warning_nights` in a row.
    """
    present = {one.key: one for one in troubles if one.is_wrong or 0 < warning_nights <= one.nights}
    known = {one.key for one in told}
    # While landing cannot be read, nobody knows what of it is over.
    over = () if UNKNOWN in present else (one for one in told if one.key not in present)
    return News(
        begun=tuple(one for key, one in present.items() if key not in known), over=tuple(over)
    )
