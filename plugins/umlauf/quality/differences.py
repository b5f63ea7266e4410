"""Where the records of a stream differ from what it promised."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from umlauf.quality.contract import Contract, Field, holders
from umlauf.quality.shapes import Shape

_LONGEST_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field that came otherwise.

    `field` is None for a new one; `came` is a type, "nothing", or what a text is not.
    `records` of the `judged` ones have it; `first_key` and `since` (naive, UTC) are of the one of
    these that was fetched first.
    """

    path: str
    field: Field | None
    came: str
    records: int
    judged: int
    first_key: str
    since: datetime

    @property
    def is_gone(self) -> bool:
        """Whether records lack the field."""
        return self.came == "nothing"

    @property
    def expected(self) -> str:
        """The type that was promised."""
        return self.field.expected if self.field else "nothing"

    @property
    def shown(self) -> str:
        """The path as people may see it: a source can put anything into a name."""
        short = (
            self.path if len(self.path) <= _LONGEST_SHOWN else f"{self.path[:_LONGEST_SHOWN]}..."
        )
        return short if short.isprintable() else json.dumps(short)

    @property
    def sentence(self) -> str:
        """What was expected, what came, and where to look."""
        return (
            f"{self.shown}: expected {self.expected}, came {self.came} in {self.records:,} of "
            f"{self.judged:,} records, first {self.first_key!r} "
            f"fetched {self.since:%Y-%m-%d %H:%M} UTC"
        )


def find_differences(contract: Contract, shapes: Sequence[Shape]) -> list[Difference]:
    """Return how `shapes` differ from the contract: its own fields in order, then new ones."""
    promised = [
        difference for field in contract.fields.values() for difference in _of_field(field, shapes)
    ]
    return [*promised, *_new_fields(contract, shapes)]


def _of_field(field: Field, shapes: Sequence[Shape]) -> Iterator[Difference]:
    otherwise: dict[str, list[Shape]] = defaultdict(list)
    judged = 0
    for shape in shapes:
        if (came := shape.came(field.path)) is None:
            continue
        judged += shape.records
        if trouble := _trouble(field, came, is_misread=field.path in shape.misread):
            otherwise[trouble].append(shape)
    for came, differing in sorted(otherwise.items()):
        yield _difference(field.path, field, came, differing, judged)


def _trouble(field: Field, came: str, *, is_misread: bool) -> str:
    """Return what came instead of what the field promises, "" if that is what came."""
    if came == "nothing":
        return "" if field.section == "occasional" else came
    if came == "text" and field.readings and "[]" not in field.path:
        return f"text that is no {field.expected}" if is_misread else ""
    # A boolean may be Odoo's false for "empty".
    is_fitting = came in field.types | {"empty", "boolean"} or "unknown" in field.types
    return "" if is_fitting else came


def _new_fields(contract: Contract, shapes: Sequence[Shape]) -> Iterator[Difference]:
    having: dict[str, list[Shape]] = defaultdict(list)
    for shape in shapes:
        for leaf in shape.leaves:
            if not contract.covers(leaf, shape.kinds[leaf]):
                having[leaf].append(shape)
    # An array is empty in one record and has elements in another: the elements' fields speak.
    outer = {holder for path in having for holder in holders(path)}
    for path in sorted(having.keys() - outer):
        judged = sum(shape.records for shape in shapes if shape.came(path) is not None)
        kinds = {shape.kinds[path] for shape in shapes if path in shape.kinds}
        yield _difference(path, None, named(kinds), having[path], judged)


def named(kinds: set[str]) -> str:
    """Return the name of a type of which `kinds` came: a false beside others is Odoo's "empty"."""
    telling = kinds - {"empty"}
    if len(telling) > 1:
        telling -= {"boolean"}
    return " or ".join(sorted(telling)) or "unknown"


def _difference(
    path: str, field: Field | None, came: str, shapes: Sequence[Shape], judged: int
) -> Difference:
    first = min(shapes, key=lambda shape: (shape.first_fetched_at, shape.first_key))
    return Difference(
        path=path,
        field=field,
        came=came,
        records=sum(shape.records for shape in shapes),
        judged=judged,
        first_key=first.first_key,
        since=first.first_fetched_at,
    )
