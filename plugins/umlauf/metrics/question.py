"""What can be asked of metrics, and which periods are whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from umlauf.errors import ConfigError

GRAINS = ("day", "week", "month", "quarter", "year")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which metrics, by which dimensions, per which period, from which day to which, inclusive."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: str | None = None
    first: date | None = None
    last: date | None = None


def check_periods(question: Question, shortest: str) -> None:
    """Refuse a period that begins or ends inside another: MetricFlow widens it without a word.

    `shortest` is the shortest grain that the metrics are known for.

    Raises:
        ConfigError: names the days between which the period would be whole.
    """
    names = ", ".join(question.metrics)
    told = GRAINS[GRAINS.index(shortest) :]
    if question.grain and question.grain not in told:
        raise ConfigError(f"metrics: {names} by {question.grain}: known by {', '.join(told)} alone")
    grain = question.grain or shortest
    for option, day in (("--from", question.first), ("--to", question.last)):
        if day is None:
            continue
        begin, end = period(day, grain)
        if day != (begin if option == "--from" else end):
            raise ConfigError(
                f"metrics: {option} {day} lies inside a {grain}, {begin} to {end}, and {names} "
                f"would be told of all of it: ask {option} the day it "
                f"{'begins' if option == '--from' else 'ends; the running one is told so far'}"
            )


def period(day: date, grain: str) -> tuple[date, date]:
    """Return the first and the last day of the period that holds a day; weeks begin on Monday."""
    if grain == "day":
        return day, day
    if grain == "week":
        begin = day - timedelta(days=day.weekday())
        return begin, begin + timedelta(days=6)
    months = _MONTHS[grain]
    begin = date(day.year, (day.month - 1) // months * months + 1, 1)
    following = (begin + timedelta(days=31 * months)).replace(day=1)
    return begin, following - timedelta(days=1)
