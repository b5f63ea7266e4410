"""What a check found, in words a reader of the log, the table and the page understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from umlauf.landing.own_records import land_own
from umlauf.storage.bucket_path import AnyPath

MOST_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check of one build; `subject` is a stream (`hubspot.deals`) or a model."""

    tool: str
    subject: str
    check: str
    severity: str
    passed: bool
    failures: int
    why: str
    message: str

    @property
    def sentence(self) -> str:
        """What failed and why it matters."""
        return f"{self.check}: {self.message}" + (f" ({self.why})" if self.why else "")


def land_results(
    root: AnyPath, build_id: str, day: date, results: Sequence[CheckResult], at: datetime
) -> None:
    """Land what was found of a build, whatever it decides: it is part of the record.

    `at` is aware UTC; of a build that is checked again the newest results count.
    """
    records = {
        f"{build_id}/{result.tool}/{result.subject}/{number}": asdict(result)
        | {"build_id": build_id}
        for number, result in enumerate(results)
    }
    land_own(root, "checks", day, records, at)


def failures(found: Mapping[str, Any]) -> int:
    """Return how many rows broke an expectation that failed; a total that is off counts as 1."""
    if "unexpected_count" in found:
        return int(found["unexpected_count"])
    return int(found["broken_rows"]) if "broken_rows" in found else 1


def message(arguments: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """Say what came instead: counts and up to three examples, or the value that is off."""
    if "broken_rows" in found:
        return f"{found['broken_rows']} rows broke it, {_examples(found['examples'])}"
    asked = ", ".join(
        f"{name} {_text(value)}"
        for name, value in arguments.items()
        if name not in ("column", "batch_id") and value is not None
    )
    expected = f"expected {asked}; " if asked else ""
    if "unexpected_count" not in found:
        return f"{expected}came {_text(found.get('observed_value'))}"
    values = list(found.get("partial_unexpected_list", []))
    keys = [row["record_key"] for row in found.get("partial_unexpected_index_list") or []]
    rows = [f"record {key}: {_text(value)}" for key, value in zip(keys, values, strict=False)]
    return (
        f"{expected}broken by {found['unexpected_count']} of {found['element_count']} rows, "
        f"{_examples(rows or [_text(value) for value in values])}"
    )


def _examples(texts: Sequence[str]) -> str:
    return "for example " + "; ".join(texts[:MOST_EXAMPLES])


def row_text(row: Mapping[str, Any]) -> str:
    """Write a row as `name value`, what is empty left out."""
    known = [f"{name} {_text(value)}" for name, value in row.items() if value is not None]
    return ", ".join(known)


def _text(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
