"""How busy the customers are: slow summers, public budgets spent in autumn, short Fridays."""

from __future__ import annotations

from datetime import date

MONTHS = (0.86, 0.92, 1.04, 0.98, 1.00, 1.05, 0.90, 0.74, 1.06, 1.12, 1.20, 1.13)
WEEKDAYS = (1.12, 1.07, 1.02, 0.97, 0.82, 0.0, 0.0)


def season(day: int) -> float:
    """Return the demand of a working day against an ordinary one's, which is 1."""
    when = date.fromordinal(day)
    return MONTHS[when.month - 1] * WEEKDAYS[when.weekday()]
