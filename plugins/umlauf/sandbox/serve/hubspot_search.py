"""HubSpot's CRM search as SQL over the version store.

https://developers.hubspot.com/docs/api-reference/search/guide: at most 5 filter groups (or), 6
filters a group (and), 18 in all, one sort, 200 results a page, and 10,000 results for one query.
"""

from __future__ import annotations

from typing import Any

import msgspec

from umlauf.sandbox.serve.hubspot_answer import invalid
from umlauf.sandbox.serve.state import EVER, VISIBLE
from umlauf.sandbox.stamps import iso, parse_iso

CEILING = 10_000
MOST_RESULTS = 200
MOST_GROUPS, MOST_FILTERS, MOST_FILTERS_IN_ALL = 5, 6, 18
COMPARE = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
NUMBERS = frozenset({
    "amount", "hs_object_id", "quantity", "price", "hs_discount_percentage",
    "hs_deal_stage_probability", "hs_product_id",
})  # fmt: skip
TIMES = frozenset({"createdate", "closedate", "hs_lastmodifieddate", "lastmodifieddate"})
MODIFIED = {"contacts": "lastmodifieddate"}  # all other objects: hs_lastmodifieddate


class Filter(msgspec.Struct, rename="camel"):
    """One condition on one property."""

    property_name: str
    operator: str
    value: str | int | float | None = None
    high_value: str | int | float | None = None
    values: list[str | int | float] = []


class Group(msgspec.Struct):
    """Conditions that hold together."""

    filters: list[Filter] = []


class Sort(msgspec.Struct, rename="camel"):
    """What to order by."""

    property_name: str
    direction: str = "ASCENDING"


class Search(msgspec.Struct, rename="camel"):
    """The body of a search."""

    filter_groups: list[Group] = []
    sorts: list[Sort | str] = []
    properties: list[str] = []
    limit: int = 10
    after: str | int = 0
    query: str = ""


class Query:
    """A search on its way to SQL."""

    def __init__(self, kind: str, known: frozenset[str], clock: int) -> None:
        self.modified = MODIFIED.get(kind, "hs_lastmodifieddate")
        self.known = known
        self.since, self.until = EVER  # bounds of the modified stamp
        self.values: dict[str, Any] = {"kind": kind, "clock": clock}

    def where(self, search: Search) -> str:
        """Return the condition on the record `r`."""
        groups = search.filter_groups
        count = sum(len(group.filters) for group in groups)
        if (
            len(groups) > MOST_GROUPS
            or any(len(group.filters) > MOST_FILTERS for group in groups)
            or count > MOST_FILTERS_IN_ALL
        ):
            raise invalid(
                f"too many filters: at most {MOST_GROUPS} groups of {MOST_FILTERS} filters, "
                f"{MOST_FILTERS_IN_ALL} in all"
            )
        either = [
            " and ".join(self._condition(one) for one in group.filters) or "1" for group in groups
        ]
        condition = f" and ({' or '.join(f'({one})' for one in either)})" if either else ""
        return f"r.object = :kind and r.archived_at is null and {VISIBLE}{condition}"

    def order(self, sorts: list[Sort | str]) -> str:
        """Return the order; ties come in the order of ids."""
        if len(sorts) > 1:
            raise invalid("only one sort is allowed")
        if not sorts:
            return "r.id"
        sort = sorts[0]
        if isinstance(sort, str):
            sort = Sort(sort.lstrip("-"), "DESCENDING" if sort.startswith("-") else "ASCENDING")
        expression = self._expression(sort.property_name)
        if sort.direction not in ("ASCENDING", "DESCENDING"):
            raise invalid(f"sort direction {sort.direction!r} is not ASCENDING or DESCENDING")
        way = " desc" if sort.direction == "DESCENDING" else ""
        return f"r.id{way}" if expression == "r.id" else f"{expression}{way}, r.id"

    def _expression(self, name: str) -> str:
        if name == "hs_object_id":
            return "r.id"
        if name == self.modified:
            return "r.modified_at"
        if name not in self.known:
            raise invalid(f"Property {name!r} does not exist")
        text = f"nullif(json_extract(r.payload, '$.properties.\"{name}\"'), '')"
        if name in NUMBERS:
            return f"cast({text} as real)"
        return text if name in TIMES else f"folded({text})"

    def _condition(self, one: Filter) -> str:
        left = self._expression(one.property_name)
        if one.operator in COMPARE:
            if one.property_name == self.modified:
                self._remember_bound(one)
            compare = f"{left} {COMPARE[one.operator]} {self._bound(one, one.value)}"
            return f"({compare} or {left} is null)" if one.operator == "NEQ" else compare
        if one.operator == "BETWEEN":
            low, high = self._bound(one, one.value), self._bound(one, one.high_value)
            return f"{left} between {low} and {high}"
        if one.operator in ("IN", "NOT_IN"):
            listed = ", ".join(self._bound(one, value) for value in one.values)
            return f"{left} {one.operator.replace('_', ' ').lower()} ({listed})"
        if one.operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
            return f"{left} is {'' if one.operator.startswith('NOT') else 'not '}null"
        raise invalid(f"operator {one.operator!r} is not supported")

    def _remember_bound(self, one: Filter) -> None:
        stamp = self._comparable(one.property_name, one.value or 0)
        if one.operator.startswith("G"):
            self.since = int(stamp)
        elif one.operator.startswith("L"):
            self.until = int(stamp) + 1  # behind the stamp itself, for LTE

    def _bound(self, one: Filter, value: str | float | None) -> str:
        if value is None:
            raise invalid(f"filter on {one.property_name!r}: {one.operator} needs a value")
        name = f"v{len(self.values)}"
        self.values[name] = self._comparable(one.property_name, value)
        return f":{name}"

    def _comparable(self, name: str, value: str | float) -> str | float:
        """Return a filter's value as the store has it: in properties, times are ISO text, UTC."""
        try:
            if name == "hs_object_id":
                return int(value)
            if name in NUMBERS:
                return float(value)
            if name == self.modified:
                return _instant(str(value))
            if name in TIMES:
                return iso(_instant(str(value)))
        except (ValueError, OverflowError) as error:
            raise invalid(f"{value!r} is not a valid value of {name!r}") from error
        return str(value).casefold()


def _instant(value: str) -> int:
    """Return ms UTC of a filter's value: those digits, or ISO text, without an offset UTC."""
    return int(value) if value.lstrip("-").isdigit() else parse_iso(value)
