"""The page's charts as Vega-Lite specifications, with their data in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import altair as alt

from umlauf.report.figures import Rows

INK, SOFT, LINE = "#1d2b36", "#5a6872", "#e6e9ec"
MONEY_IN, MONEY_OUT, ACCENT, PALE = "#1b7f5c", "#c2552d", "#2457a6", "#a9c0e3"
_SEVERAL = [ACCENT, "#1b7f5c", "#d69a1e", "#8b5aa8", "#c2552d", "#4c9fb8", SOFT]
_MONEY = "~s"


def pipeline_by_stage(rows: Rows) -> dict[str, Any]:
    """Open amount and its weighted part per stage, in the order given."""
    names = list(dict.fromkeys(row["stage"] for row in rows))
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("stage:N", sort=names, title=None, axis=alt.Axis(labelLimit=140)),
        tooltip=[
            alt.Tooltip("stage:N"),
            alt.Tooltip("deals:Q"),
            alt.Tooltip("amount:Q", title="open", format=",.0f"),
            alt.Tooltip("weighted:Q", format=",.0f"),
        ],
    )
    amount = base.mark_bar(color=PALE).encode(x=_money_x("amount"))
    weighted = base.mark_bar(color=ACCENT, size=9).encode(x=_money_x("weighted"))
    return _spec(amount + weighted, height=34 * max(len(names), 1))


def lines_by_day(rows: Rows, measures: Mapping[str, str]) -> dict[str, Any]:
    """One line per measure; `measures` says what the reader calls each column."""
    data = _long(rows, {column: (label, 1) for column, label in measures.items()})
    colours = [PALE, ACCENT] if len(measures) > 1 else [ACCENT]
    return _spec(
        alt.Chart(_data(data))
        .mark_line(strokeWidth=2)
        .encode(
            x=_days(),
            y=_money_y(zero=len(measures) > 1),
            color=_colour(list(measures.values()), colours),
            tooltip=_tooltip(),
        )
    )


def areas_by_day(rows: Rows, label: str) -> dict[str, Any]:
    """Amounts per day, one band per value of the column `label`, piled up."""
    names = sorted({row[label] for row in rows})
    data = [{"day": row["day"], "what": row[label], "amount": row["amount"]} for row in rows]
    return _spec(
        alt.Chart(_data(data))
        .mark_area()
        .encode(x=_days(), y=_money_y(), color=_colour(names, _SEVERAL), tooltip=_tooltip())
    )


def in_and_out_by_day(rows: Rows) -> dict[str, Any]:
    """Inflow above, outflow below zero, one bar per day."""
    chart = alt.Chart(_data(_long(rows, {"inflow": ("in", 1), "outflow": ("out", -1)})))
    return _spec(
        chart.mark_bar(width=alt.RelativeBandSize(0.7)).encode(
            x=alt.X("yearmonthdate(day):T", title=None, axis=_day_axis()),
            y=_money_y(),
            color=_colour(["in", "out"], [MONEY_IN, MONEY_OUT]),
            tooltip=_tooltip(),
        ),
        height=170,
    )


def waterfall(rows: Rows, opening: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """From `opening` by each row's `change_30`, in the order given, to where it ends.

    `names` says what the reader calls `before`, `now` and each movement.
    """
    data, level = [_step(names["before"], 0, opening, "total")], opening
    for row in rows:
        if row["change_30"]:
            after = level + row["change_30"]
            sign = "more" if row["change_30"] > 0 else "less"
            data.append(_step(names.get(row["movement"], row["movement"]), level, after, sign))
            level = after
    data.append(_step(names["now"], 0, level, "total"))
    colours = alt.Scale(domain=["total", "more", "less"], range=[ACCENT, MONEY_IN, MONEY_OUT])
    return _spec(
        alt.Chart(_data(data))
        .mark_bar()
        .encode(
            x=alt.X("what:N", sort=None, title=None, axis=alt.Axis(labelAngle=-35, labelLimit=110)),
            y=alt.Y("from:Q", title=None, axis=alt.Axis(format=_MONEY, tickCount=4)),
            y2="to:Q",
            color=alt.Color("sign:N", scale=colours, legend=None),
            tooltip=[alt.Tooltip("what:N", title=" "), alt.Tooltip("change:Q", format="+,.0f")],
        )
    )


def band_by_week(rows: Rows, least: Decimal | None) -> dict[str, Any]:
    """Balance at each week's end: the median, the band of eight in ten, a line at `least` if any.

    Where no forecast has been scored yet there is no band.
    """
    base = alt.Chart(_data(rows)).encode(
        x=_days(),
        tooltip=[
            alt.Tooltip("day:T", format="%a %-d %b %Y"),
            *(alt.Tooltip(f"{name}:Q", format=",.0f") for name in ("p10", "p50", "p90")),
        ],
    )
    scale = alt.Scale(zero=False)
    axis = alt.Axis(format=_MONEY, tickCount=4)
    band = base.mark_area(color=PALE, opacity=0.6).encode(
        y=alt.Y("p10:Q", title=None, axis=axis, scale=scale), y2="p90:Q"
    )
    line = base.mark_line(color=ACCENT, strokeWidth=2, point=True).encode(
        y=alt.Y("p50:Q", title=None, axis=axis, scale=scale)
    )
    drawn = band + line
    if least is not None:
        limit = alt.Chart(_data([{"least": least}])).mark_rule(color=MONEY_OUT, strokeDash=[4, 4])
        drawn += limit.encode(y="least:Q")
    return _spec(drawn)


def stacks_by_week(rows: Rows, names: Mapping[str, str]) -> dict[str, Any]:
    """What each tier adds in each week, one upon the other, what goes out below zero."""
    data = [
        {"day": row["day"], "what": names[row["tier"]], "amount": row["amount"]} for row in rows
    ]
    order = list(dict.fromkeys(names[row["tier"]] for row in rows))
    return _spec(
        alt.Chart(_data(data))
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(day):O", title=None, axis=_week_axis()),
            y=_money_y(),
            color=_colour(order, _SEVERAL),
            tooltip=_tooltip(),
        )
    )


def bars(rows: Rows, label: str, amount: str) -> dict[str, Any]:
    """One bar per row, in the order given."""
    names = [row[label] for row in rows]
    chart = alt.Chart(_data(rows)).mark_bar(color=ACCENT)
    return _spec(
        chart.encode(
            y=alt.Y(f"{label}:N", sort=names, title=None, axis=alt.Axis(labelLimit=140)),
            x=_money_x(amount),
            tooltip=[alt.Tooltip(f"{label}:N"), alt.Tooltip(f"{amount}:Q", format=",.0f")],
        ),
        height=30 * max(len(rows), 1),
    )


def _days() -> alt.X:
    return alt.X("day:T", title=None, axis=_day_axis())


def _step(what: str, start: Any, end: Any, sign: str) -> dict[str, Any]:
    return {"what": what, "from": start, "to": end, "change": end - start, "sign": sign}


def _week_axis() -> alt.Axis:
    return alt.Axis(format="%-d %b", labelAngle=-35, labelOverlap=True)


def _day_axis() -> alt.Axis:
    return alt.Axis(format="%-d %b", grid=False, tickCount=5, labelOverlap=True)


def _money_x(column: str) -> alt.X:
    return alt.X(f"{column}:Q", title=None, axis=alt.Axis(format=_MONEY, tickCount=4))


def _money_y(zero: bool = True) -> alt.Y:
    axis = alt.Axis(format=_MONEY, tickCount=4)
    return alt.Y("amount:Q", title=None, axis=axis, scale=alt.Scale(zero=zero))


def _colour(names: list[str], colours: list[str]) -> alt.Color:
    legend = alt.Legend(orient="top", title=None) if len(names) > 1 else None
    return alt.Color("what:N", scale=alt.Scale(domain=names, range=colours), legend=legend)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("day:T", format="%a %-d %b %Y"),
        alt.Tooltip("what:N", title=" "),
        alt.Tooltip("amount:Q", format=",.0f"),
    ]


def _long(rows: Rows, columns: Mapping[str, tuple[str, int]]) -> Rows:
    return [
        {"day": row["day"], "what": what, "amount": sign * (row[column] or 0)}
        for row in rows
        for column, (what, sign) in columns.items()
    ]


def _data(rows: Rows) -> alt.InlineData:
    # Decimals become numbers only here, at the edge of the screen, where pixels round anyway.
    return alt.InlineData(values=json.loads(json.dumps(rows, default=_plain)))


def _plain(value: Any) -> Any:
    # A bare date would be read as UTC and slip to the day before, west of Greenwich.
    return f"{value.isoformat()}T00:00:00" if hasattr(value, "isoformat") else float(value)


def _spec(chart: alt.Chart | alt.LayerChart, *, height: int = 200) -> dict[str, Any]:
    spec: dict[str, Any] = (
        chart.properties(width="container", height=height)
        .configure(font="system-ui, sans-serif", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=SOFT, gridColor=LINE, domain=False, ticks=False, labelPadding=6)
        .configure_legend(labelColor=INK, symbolType="square")
        .to_dict()
    )
    # An address nobody needs: the page must not name another host.
    del spec["$schema"]
    return spec
