"""What every night says of the sources' contracts, before a model reads what has landed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from umlauf.errors import CheckFailed
from umlauf.landing.ledger import Landed
from umlauf.quality.contract import has_contracts, read_contract
from umlauf.quality.differences import Difference, find_differences
from umlauf.quality.results import CheckResult
from umlauf.quality.shapes import read_shapes
from umlauf.quality.suites import EXPECTATIONS
from umlauf.spec import Source, Stream
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.parquet import connect

_MOST_NAMED = 10
# So few records, or so small a share of them, may be bad ones: staging quarantines each.
_FEWEST_CHANGED = 3
_SMALLEST_RATIO = 0.01


def check_contracts(
    landing: AnyPath,
    sources: Sequence[Source],
    landed: Landed,
    known_on: datetime | None,
    expectations: Path = EXPECTATIONS,
) -> list[CheckResult]:
    """Compare what was fetched after `known_on` (aware UTC; None: ever) with the contracts.

    Returns three checks per stream that something new has landed of. No model, no warehouse and no
    lease is needed. See docs/decisions/0061.
    """
    results: list[CheckResult] = []
    streams = [(source, stream) for source in sources for stream in source.streams]
    with connect(landing) as connection:  # one for all: each costs as much as the reading
        for source, stream in streams:
            files = _new_files(landing, landed, source, stream, known_on)
            if not has_contracts(source) or not files:
                continue
            contract = read_contract(source.name, stream.name, expectations)
            if shapes := read_shapes(connection, files, contract):
                results += _results(contract.name, find_differences(contract, shapes))
    return results


def refuse_broken(results: Sequence[CheckResult]) -> None:
    """Stop the night when a required field is gone or has changed.

    Raises:
        CheckFailed: names the streams, and per stream the first ten fields.
    """
    broken = [one for one in results if not one.passed and one.severity == "critical"]
    if broken:
        named = "; ".join(f"{one.subject}: {one.sentence}" for one in broken)
        raise CheckFailed(
            f"contract broken by {named}. The last good snapshot stays published; "
            f"`umlauf contract diff {broken[0].subject.replace('.', ' ')}` shows all of it: mend "
            "the source, or change the staging models and then `umlauf contract accept`"
        )


def is_breaking(difference: Difference) -> bool:
    """Tell whether a mart would be wrong: a required field is gone, or has changed in earnest.

    A type that changed in a few records only is a matter of these records, which staging
    quarantines or reads as empty; a field that is gone is one of the source, in the first already.
    """
    if difference.field is None or difference.field.section != "required":
        return False
    return difference.is_gone or (
        difference.records >= _FEWEST_CHANGED
        and difference.records > _SMALLEST_RATIO * difference.judged
    )


def _new_files(
    landing: AnyPath, landed: Landed, source: Source, stream: Stream, known_on: datetime | None
) -> list[AnyPath]:
    since = known_on or datetime.min.replace(tzinfo=UTC)
    return [
        about.file_below(landing)
        for about, rows in landed.batches
        if rows and (about.source, about.stream) == (source.name, stream.name)
        and about.fetched_at > since
    ]  # fmt: skip


def _results(subject: str, differences: Sequence[Difference]) -> Iterator[CheckResult]:
    breaking = [one for one in differences if is_breaking(one)]
    new = [one for one in differences if one.field is None]
    lesser = [one for one in differences if one.field and one not in breaking]
    yield _result(
        subject,
        "required_fields_came_as_promised",
        "critical",
        breaking,
        "A mart's key, money, quantity, date or stage depends on them.",
    )
    yield _result(
        subject,
        "other_fields_came_as_promised",
        "warning",
        lesser,
        "What did not come is empty in the marts.",
    )
    yield _result(
        subject,
        "every_field_is_accepted",
        "warning",
        new,
        "A new field is landed, and in no mart until it is accepted: "
        f"umlauf contract accept {subject.replace('.', ' ')}",
    )


def _result(
    subject: str, check: str, severity: str, found: Sequence[Difference], why: str
) -> CheckResult:
    named = [one.sentence for one in found[:_MOST_NAMED]]
    if len(found) > _MOST_NAMED:
        named.append(f"and {len(found) - _MOST_NAMED:,} more")
    return CheckResult(
        tool="contract",
        subject=subject,
        check=check,
        severity=severity,
        passed=not found,
        failures=len(found),
        why=why,
        message="; ".join(named),
    )
