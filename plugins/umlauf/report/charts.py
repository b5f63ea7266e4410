"""The page's charts as Vega-Lite specifications, with their data in them."""

from __future__ import annotations

import json
from typing import Any

import altair as alt

from umlauf.report.figures import Rows

INK, MONEY_IN, MONEY_OUT, ACCENT, PALE = "#1d2b36", "#1b7f5c", "#b3472f", "#2457a6", "#9db7dc"
_MONEY = ".3~s"


def pipeline_by_stage(rows: Rows) -> dict[str, Any]:
    """Open amount and its weighted part per stage, in the order of the stages."""
    names = [row["stage"] for row in rows]
    base = alt.Chart(_data(rows)).encode(y=alt.Y("stage:N", sort=names, title=None))
    tooltip = [
        alt.Tooltip("stage:N"),
        alt.Tooltip("deals:Q"),
        alt.Tooltip("amount:Q", format=",.0f"),
        alt.Tooltip("weighted:Q", format=",.0f"),
    ]
    amount = base.mark_bar(color=PALE).encode(
        x=alt.X("amount:Q", title="open (pale) and weighted (dark)", axis=alt.Axis(format=_MONEY)),
        tooltip=tooltip,
    )
    weighted = base.mark_bar(color=ACCENT, size=10).encode(x="weighted:Q", tooltip=tooltip)
    return _spec(amount + weighted, height=32 * max(len(rows), 1))


def line_by_day(rows: Rows, measures: dict[str, str], colours: list[str]) -> dict[str, Any]:
    """One line per measure; `measures` maps columns to what the reader sees."""
    long = [
        {"day": row["day"], "what": label, "amount": row[column]}
        for row in rows
        for column, label in measures.items()
    ]
    chart = (
        alt.Chart(_data(long))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("amount:Q", title=None, axis=alt.Axis(format=_MONEY)),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=list(measures.values()), range=colours),
                legend=alt.Legend(orient="top", title=None) if len(measures) > 1 else None,
            ),
            tooltip=[
                alt.Tooltip("day:T", format="%a %d %b %Y"),
                alt.Tooltip("what:N"),
                alt.Tooltip("amount:Q", format=",.0f"),
            ],
        )
    )
    return _spec(chart, height=200)


def cash_by_day(rows: Rows) -> dict[str, Any]:
    """Inflow above, outflow below zero, per day."""
    long = [
        {"day": row["day"], "what": what, "amount": sign * row[column]}
        for row in rows
        for what, column, sign in (("in", "inflow", 1), ("out", "outflow", -1))
    ]
    chart = (
        alt.Chart(_data(long))
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(day):T", title=None),
            y=alt.Y("amount:Q", title=None, axis=alt.Axis(format=_MONEY)),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=["in", "out"], range=[MONEY_IN, MONEY_OUT]),
                legend=alt.Legend(orient="top", title=None),
            ),
            tooltip=[
                alt.Tooltip("day:T", format="%a %d %b %Y"),
                alt.Tooltip("what:N"),
                alt.Tooltip("amount:Q", format=",.0f"),
            ],
        )
    )
    return _spec(chart, height=200)


def bars(rows: Rows, label: str, amount: str, colour: str) -> dict[str, Any]:
    """One bar per row, in the order given."""
    names = [row[label] for row in rows]
    chart = (
        alt.Chart(_data(rows))
        .mark_bar(color=colour)
        .encode(
            y=alt.Y(f"{label}:N", sort=names, title=None),
            x=alt.X(f"{amount}:Q", title=None, axis=alt.Axis(format=_MONEY)),
            tooltip=[alt.Tooltip(f"{label}:N"), alt.Tooltip(f"{amount}:Q", format=",.0f")],
        )
    )
    return _spec(chart, height=28 * max(len(rows), 1))


def _data(rows: Rows) -> alt.Data:
    # Decimals become numbers only here, at the edge of the screen, where pixels round anyway.
    plain = json.loads(json.dumps(rows, default=_plain))
    return alt.Data(values=plain)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else float(value)


def _spec(chart: alt.Chart | alt.LayerChart, *, height: int) -> dict[str, Any]:
    font = "system-ui, sans-serif"
    spec: dict[str, Any] = (
        chart.properties(width="container", height=height)
        .configure(font=font, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, titleColor=INK, gridColor="#e6e9ec", domain=False)
        .to_dict()
    )
    return spec
