"""The demo's last words: three numbers per domain, the marts with their rows, where to look."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb
from rich.console import Console
from rich.table import Table

from umlauf.local.board import Step
from umlauf.settings import Settings

HEADLINES = {
    "Pipeline": (
        ("open deals", "select count(*) from pipeline.fct_deal where is_open"),
        ("open, {currency}", "select sum(amount_reporting) from pipeline.fct_deal where is_open"),
        (
            "weighted, {currency}",
            "select sum(weighted_amount_reporting) from pipeline.fct_pipeline_daily"
            " where day = (select max(day) from pipeline.fct_pipeline_daily)",
        ),
    ),
    "Inventory": (
        (
            "stock value, {currency}",
            "select sum(value_reporting) from inventory.fct_stock_daily"
            " where day = (select max(day) from inventory.fct_stock_daily)",
        ),
        (
            "products in stock",
            "select count(distinct product_id) from inventory.fct_stock_daily where"
            " on_hand_units > 0 and day = (select max(day) from inventory.fct_stock_daily)",
        ),
        (
            "purchase lines overdue",
            "select count(*) from inventory.fct_purchase_line where open_units > 0"
            " and promised_date < (select max(day) from inventory.fct_stock_daily)",
        ),
    ),
    "Cash": (
        (
            "cash, {currency}",
            "select sum(closing_reporting) from cash_flow.fct_cash_daily"
            " where day = (select max(day) from cash_flow.fct_cash_daily)",
        ),
        (
            "receivable, {currency}",
            "select sum(open_amount_reporting) from cash_flow.fct_receivable_daily"
            " where day = (select max(day) from cash_flow.fct_receivable_daily)",
        ),
        (
            "payable, {currency}",
            "select sum(open_amount_reporting) from cash_flow.fct_payable_daily"
            " where day = (select max(day) from cash_flow.fct_payable_daily)",
        ),
    ),
}
_RELATIONS = """
    select table_schema || '.' || table_name
    from information_schema.tables
    where table_schema in ('core', 'pipeline', 'inventory', 'cash_flow', 'trust')
    order by table_schema, table_name
"""


def print_summary(settings: Settings, steps: Sequence[Step], set_up_seconds: float | None) -> None:
    """Read the published snapshot and print it on stdout, with the seconds of each step."""
    console = Console(highlight=False)
    with duckdb.connect(settings.marts_file, read_only=True) as marts:
        console.print(_headlines(marts, settings.reporting_currency))
        console.print(_marts(marts))
    console.print(_seconds(steps, set_up_seconds))
    console.print(f"marts         {settings.marts_file}", soft_wrap=True)
    console.print(f"morning page  {settings.reports / 'index.html'}", soft_wrap=True)
    console.print('ask them      .venv/bin/umlauf query "select * from trust.freshness"')


def _headlines(marts: duckdb.DuckDBPyConnection, currency: str) -> Table:
    table = Table(title="Last night", title_justify="left", show_header=False)
    for domain, numbers in HEADLINES.items():
        for place, (name, sql) in enumerate(numbers):
            found = marts.execute(sql).fetchone()
            value = plain(found[0] if found else None)
            table.add_row("" if place else domain, name.format(currency=currency), value)
        table.add_section()
    return table


def _marts(marts: duckdb.DuckDBPyConnection) -> Table:
    table = Table(title="Marts", title_justify="left")
    table.add_column("table")
    table.add_column("rows", justify="right")
    for (name,) in marts.execute(_RELATIONS).fetchall():
        counted = marts.execute(f"select count(*) from {name}").fetchone()
        table.add_row(name, plain(counted[0] if counted else None))
    return table


def _seconds(steps: Sequence[Step], set_up_seconds: float | None) -> Table:
    table = Table(title="Seconds", title_justify="left", show_header=False)
    if set_up_seconds is not None:
        table.add_row("install packages", f"{set_up_seconds:.1f}")
    for step in steps:
        table.add_row(step.name, f"{step.seconds:.1f}")
    warm = max(step.ended or step.begun for step in steps) - min(step.begun for step in steps)
    table.add_section()
    table.add_row("warm, start to end", f"{warm:.1f}")
    if set_up_seconds is not None:
        table.add_row("cold, with the packages", f"{warm + set_up_seconds:.1f}")
    return table


def plain(value: object) -> str:
    """Write a number for people: thousands apart, whole money."""
    if value is None:
        return "-"
    if isinstance(value, Decimal | float):
        return f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
