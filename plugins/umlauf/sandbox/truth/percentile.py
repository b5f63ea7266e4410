"""Percentiles between neighbours, exact: of whole numbers, in hundredths."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(values: Sequence[int], tenths: int) -> int | None:
    """Return the value below which so many tenths of the values lie, in hundredths."""
    if not values:
        return None
    ordered = sorted(values)
    place, rest = divmod((len(ordered) - 1) * tenths, 10)
    above = ordered[min(place + 1, len(ordered) - 1)]
    return ordered[place] * 100 + rest * 10 * (above - ordered[place])
