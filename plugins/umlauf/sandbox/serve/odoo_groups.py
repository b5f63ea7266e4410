"""Odoo's formatted_read_group: sums per group, exact, in the shapes its web client gets.

After addons/web/models/models.py of 19.0. Sums are made in decimals, as PostgreSQL's numeric does.
Left out: `having`, groups by a field of a related record, by many2many and by parts of a date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

from umlauf.sandbox.serve.odoo_domain import column, pair, visible
from umlauf.sandbox.serve.odoo_errors import value_error
from umlauf.sandbox.serve.odoo_fields import Field, Model

Row = Sequence[Any]
SPANS = ("day", "week", "month", "quarter", "year")
AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "sum": lambda values: _sum(values),
    "avg": lambda values: float(_exact(values) / len(values)) if values else False,
    "min": lambda values: min(values, default=False),
    "max": lambda values: max(values, default=False),
    "count": len,
    "count_distinct": lambda values: len(set(values)),
}
# Odoo computes what a quant is worth; nothing of it is stored, only its sum can be asked for.
VALUE = f"""(
    select round(
        json_extract(r.payload, '$.quantity') * json_extract(p.payload, '$.standard_price'), 2
    )
    from record p where p.object = 'product.product'
    and p.id = json_extract(r.payload, '$.product_id[0]') and {visible("p")}
)"""


class Groups:
    """One request: which columns it reads, and what it makes of them."""

    def __init__(self, model: Model, groupby: Sequence[str], aggregates: Sequence[str]) -> None:
        self.keys = [(spec, *_key(model, spec)) for spec in groupby]
        self.sums = [(spec, *_aggregate(model, spec)) for spec in aggregates]
        # What `of` wants to find in a row, as SQL on record `r`.
        self.columns = [
            pair(field) if field.type == "many2one" else column(field) for _, field, _ in self.keys
        ] + [
            VALUE if (model.name, field.name) == ("stock.quant", "value") else column(field)
            for _, field, _ in self.sums
            if field is not None
        ]

    def of(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Return the groups of some rows, in the order of their keys; empty keys come last."""
        width = len(self.keys)
        gathered: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            gathered.setdefault(tuple(self._values(row[:width])), []).append(row[width:])
        if not width and not gathered:
            gathered[()] = []
        return [self._group(key, gathered[key]) for key in sorted(gathered, key=_rank)]

    def _values(self, row: Row) -> Iterable[Any]:
        for (_, field, span), value in zip(self.keys, row, strict=True):
            yield _start(value, span) if span and value is not None else _label(field, value)

    def _group(self, key: tuple[Any, ...], rows: list[Row]) -> dict[str, Any]:
        group: dict[str, Any] = {}
        domains: list[list[Any]] = []
        for (spec, field, span), value in zip(self.keys, key, strict=True):
            group[spec], domain = _shown(field, span, value)
            domains.append(domain)
        group["__extra_domain"] = ["&"] * (len(domains) - 1) + [
            item for domain in domains for item in domain
        ]
        column = 0
        for spec, field_, function in self.sums:
            if field_ is None:
                group[spec] = len(rows)
                continue
            group[spec] = AGGREGATES[function](
                [row[column] for row in rows if row[column] is not None]
            )
            column += 1
        return group


def _key(model: Model, spec: str) -> tuple[Field, str]:
    name, _, span = spec.partition(":")
    field = model.field(name)
    if field.type in ("date", "datetime"):
        if not span:
            raise value_error(f"Granularity not set on a date(time) field: {spec!r}")
        if span not in SPANS:
            raise value_error(f"{span!r} isn't a valid granularity")
    return field, span


def _aggregate(model: Model, spec: str) -> tuple[Field | None, str]:
    if spec == "__count":
        return None, "count"
    name, _, function = spec.partition(":")
    if function not in AGGREGATES:
        raise value_error(f"Invalid aggregate method {function!r} for {spec!r}.")
    if (model.name, name) == ("stock.quant", "value"):
        return Field(name, "float"), function
    return model.field(name), function


def _label(field: Field, value: Any) -> Any:
    if value is not None and field.type == "many2one":
        return tuple(orjson.loads(value))
    return value if value is not None else False


def _start(value: str, span: str) -> str:
    """Return the first day of the span, and keep the value's form, date or datetime."""
    day = date.fromisoformat(value[:10])
    if span == "week":
        day -= timedelta(days=day.weekday())
    elif span != "day":
        month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[span]
        day = day.replace(month=month, day=1)
    return day.isoformat() + (" 00:00:00" if len(value) > 10 else "")


def _shown(field: Field, span: str, value: Any) -> tuple[Any, list[Any]]:
    if isinstance(value, tuple):
        return list(value), [[field.name, "=", value[0]]]
    if not span or value is False:
        return value, [[field.name, "=", value]]
    start = datetime.fromisoformat(value)
    end = _next(start, span).strftime("%Y-%m-%d %H:%M:%S")[: len(value)]
    return [value, _title(start, span)], [
        "&",
        [field.name, ">=", value],
        [field.name, "<", end],
    ]


def _next(start: datetime, span: str) -> datetime:
    if span in ("day", "week"):
        return start + timedelta(days=7 if span == "week" else 1)
    month = start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[span]
    return start.replace(year=start.year + month // 12, month=month % 12 + 1)


def _title(start: datetime, span: str) -> str:
    if span == "week":
        year, week, _ = start.isocalendar()
        return f"W{week} {year:04}"
    quarter = (start.month - 1) // 3 + 1
    return {
        "day": start.strftime("%d %b %Y"),
        "month": start.strftime("%B %Y"),
        "quarter": f"Q{quarter} {start.year}",
        "year": str(start.year),
    }[span]


def _rank(key: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [
        (False, str(value[1]), value[0])
        if isinstance(value, tuple)
        else (value is False, "" if isinstance(value, str) else value, str(value))
        for value in key
    ]


def _exact(values: list[Any]) -> Decimal:
    return sum((Decimal(repr(value)) for value in values), Decimal())


def _sum(values: list[Any]) -> float | int | bool:
    if not values:
        return False  # PostgreSQL's null
    total = _exact(values)
    return float(total) if any(isinstance(value, float) for value in values) else int(total)
