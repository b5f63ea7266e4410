"""Show a plan and a difference: as a table in a terminal, as Markdown where people approve."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from umlauf.backfill.difference import Difference, MartDifference, MoneyDifference
from umlauf.backfill.plan import Plan

_WIDE = 250
Lines = Sequence[Sequence[str]]

SHORT = ("mart", "rows", "added", "removed", "changed", "days", "money that moved most")
FULL = ("mart", "day", "added", "removed", "changed", "money")
PLAN = ("source", "streams", "rows", "requests", "seconds at least")


def plan_lines(plan: Plan) -> Lines:
    """Return one line per source, and the longest build so far."""
    lines = [
        (
            one.source,
            str(one.streams),
            _count(one.rows, "new files"),
            _count(one.requests, "-"),
            "-" if one.seconds is None else f"{one.seconds:,.0f}",
        )
        for one in plan.sources
    ]
    if plan.build_seconds is not None:
        lines.append(("the longest build", "", "", "", f"{plan.build_seconds:,.0f}"))
    return lines


def short_lines(difference: Difference) -> Lines:
    """Return one line per mart that differs."""
    return [_short_line(mart) for mart in difference.marts]


def full_lines(difference: Difference) -> Lines:
    """Return one line per mart and day that differ, with all money that moved."""
    return [
        (
            mart.mart,
            str(day.day or ""),
            f"{day.added:,}",
            f"{day.removed:,}",
            f"{day.changed:,}",
            "; ".join(map(_moved, day.money)),
        )
        for mart in difference.marts
        for day in mart.days
    ]


def headline(difference: Difference) -> str:
    """Say what was compared and how much of it differs."""
    old = difference.old_build_id or "nothing published yet"
    return (
        f"{len(difference.marts)} of {difference.compared} marts differ: {old} -> "
        f"{difference.new_build_id}"
    )


def print_difference(difference: Difference, *, is_full: bool) -> None:
    """Print on stdout: by default one line per mart, in full one per mart and day."""
    Console().print(headline(difference), markup=False, soft_wrap=True)
    if not difference.marts:
        return
    if is_full:
        print_table(FULL, full_lines(difference))
    else:
        print_table(SHORT, short_lines(difference))


def print_table(head: Sequence[str], lines: Lines) -> None:
    """Print on stdout."""
    table = Table(*head)
    for line in lines:
        table.add_row(*map(Text, line))
    # In a file nothing limits a line; there a name is not to be broken in two.
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)


def markdown(head: Sequence[str], lines: Lines) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines))


def _short_line(mart: MartDifference) -> tuple[str, ...]:
    days = [day.day for day in mart.days if day.day is not None]
    span = f"{len(days)}: {min(days)}..{max(days)}" if days else ""
    columns = " ".join(mart.columns)
    money = next(map(_moved, mart.money()), "")
    return (
        f"{mart.mart} {columns}".strip(),
        f"{mart.old_rows:,} -> {mart.new_rows:,}",
        f"{sum(day.added for day in mart.days):,}",
        f"{sum(day.removed for day in mart.days):,}",
        f"{sum(day.changed for day in mart.days):,}",
        span,
        money,
    )


def _moved(money: MoneyDifference) -> str:
    old, new = (f"{amount or 0:,.2f}" for amount in (money.old, money.new))
    return f"{money.column} {money.currency} {old} -> {new} ({money.moved:+,.2f})"


def _count(number: int | None, unknown: str) -> str:
    return unknown if number is None else f"{number:,}"
