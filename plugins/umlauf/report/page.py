"""Write `<home>/reports/index.html`: one file, no network, right on a phone and a desk."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
import vl_convert

from umlauf.errors import ConfigError
from umlauf.report import charts
from umlauf.report.figures import Rows, read_figures
from umlauf.settings import Settings


def write_report(settings: Settings) -> Path:
    """Write the page from the published snapshot, beside the old one, then swap it in.

    Raises:
        ConfigError: nothing is published yet.
    """
    if not settings.marts_file.exists():
        raise ConfigError("report: nothing is published yet; run `umlauf nightly` first")
    figures = read_figures(settings.marts_file)
    text = _render(figures, settings)
    settings.reports.mkdir(parents=True, exist_ok=True)
    target = settings.reports / "index.html"
    partial = target.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    return partial.replace(target)


def _render(figures: dict[str, Rows], settings: Settings) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": _money, "number": _number}
    return environment.get_template("page.html.j2").render(
        figures=figures,
        build=figures["build"][0],
        totals=_totals(figures),
        currency=settings.reporting_currency,
        charts={name: _embeddable(spec) for name, spec in _charts(figures).items()},
        vega=vl_convert.javascript_bundle(),
    )


def _totals(figures: dict[str, Rows]) -> dict[str, Decimal]:
    def total(figure: str, column: str) -> Decimal:
        return sum((row[column] or Decimal() for row in figures[figure]), Decimal())

    by_day = figures["pipeline_by_day"]
    cash = figures["cash_by_day"]
    stock = figures["stock_by_day"]
    return {
        "open": total("pipeline_by_stage", "amount"),
        "weighted": total("pipeline_by_stage", "weighted"),
        "deals": total("pipeline_by_stage", "deals"),
        "open_change": _change(by_day, "amount"),
        "cash": total("cash_by_account", "closing_reporting"),
        "cash_change": _change(cash, "closing"),
        "inflow": total("cash_by_day", "inflow"),
        "outflow": total("cash_by_day", "outflow"),
        "stock": stock[-1]["value"] if stock else Decimal(),
        "stock_change": _change(stock, "value"),
        "receivables": total("receivables", "amount"),
        "payables_due": total("payables_due", "amount"),
    }


def _change(rows: Rows, column: str) -> Decimal:
    """Return the last day's value less the day's before."""
    if len(rows) < 2:
        return Decimal()
    return Decimal(rows[-1][column] or 0) - Decimal(rows[-2][column] or 0)


def _charts(figures: dict[str, Rows]) -> dict[str, dict[str, Any]]:
    return {
        "pipeline_by_stage": charts.pipeline_by_stage(figures["pipeline_by_stage"]),
        "pipeline_by_day": charts.line_by_day(
            figures["pipeline_by_day"],
            {"amount": "open", "weighted": "weighted"},
            [charts.PALE, charts.ACCENT],
        ),
        "cash_by_day": charts.cash_by_day(figures["cash_by_day"]),
        "cash_balance": charts.line_by_day(
            figures["cash_by_day"], {"closing": "balance"}, [charts.MONEY_IN]
        ),
        "stock_by_day": charts.line_by_day(
            figures["stock_by_day"], {"value": "stock value"}, [charts.ACCENT]
        ),
        "receivables": charts.bars(figures["receivables"], "bucket", "amount", charts.ACCENT),
    }


def _embeddable(spec: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in, whatever a name contains."""
    return json.dumps(spec).replace("<", "\\u003c")


def _money(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,.0f}".replace(",", "\u202f")


def _number(value: Decimal | float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value:,.{digits}f}".replace(",", "\u202f")
