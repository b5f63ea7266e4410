"""The headline figures of the morning page, added up from its own rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from umlauf.report.figures import Rows


def headline(figures: Mapping[str, Rows]) -> dict[str, Decimal]:
    """Return each tile's number; money in the reporting currency, changes since the day before."""
    pipeline, cash = figures["pipeline_by_day"], figures["cash_by_day"]
    stock = by_day(figures["stock_by_day"], "amount")
    return {
        "deals": total(figures["pipeline_by_stage"], "deals"),
        "open": total(figures["pipeline_by_stage"], "amount"),
        "open_change": last_change(pipeline, "amount"),
        "weighted": total(figures["pipeline_by_stage"], "weighted"),
        "weighted_change": last_change(pipeline, "weighted"),
        "cash": total(figures["cash_by_account"], "closing_reporting"),
        "cash_change": last_change(cash, "closing"),
        "inflow": total(cash, "inflow"),
        "outflow": total(cash, "outflow"),
        "stock": stock[-1]["amount"] if stock else Decimal(),
        "orders_due": total(figures["orders_due"], "amount"),
        "stock_change": last_change(stock, "amount"),
        "receivables": total(figures["receivables"], "amount"),
        "overdue": total(
            [row for row in figures["receivables"] if row["bucket"] != "not due"], "amount"
        ),
        "payables_due": total(figures["payables_due"], "amount"),
    }


def total(rows: Rows, column: str) -> Decimal:
    """Add up a column; a value nobody knows adds nothing."""
    return sum((Decimal(row[column] or 0) for row in rows), Decimal())


def by_day(rows: Rows, column: str) -> Rows:
    """Add up a column per `day`, in the order the days come in."""
    found: dict[object, Decimal] = {}
    for row in rows:
        found[row["day"]] = found.get(row["day"], Decimal()) + Decimal(row[column] or 0)
    return [{"day": day, column: amount} for day, amount in found.items()]


def last_change(rows: Rows, column: str) -> Decimal:
    """Return the last day's value less the day's before; 0 where there is only one day."""
    if len(rows) < 2:
        return Decimal()
    return Decimal(rows[-1][column] or 0) - Decimal(rows[-2][column] or 0)
