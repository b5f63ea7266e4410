"""Run one suite with Great Expectations and say what came of it in our own words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

from umlauf.errors import CheckFailed
from umlauf.quality.duckdb_source import DuckDBDatasource
from umlauf.quality.suites import Suite

_EXAMPLES = 3


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


def run_suite(database: str, view: str, suite: Suite) -> Iterator[CheckResult]:
    """Check `view` of `database` (an SQLAlchemy URL) against the suite.

    Raises:
        CheckFailed: an expectation could not be evaluated, or not all of them were.
    """
    expected = gx.ExpectationSuite(
        name=suite.content["name"], expectations=list(suite.content["expectations"])
    )
    asset = _datasource(database).add_table_asset(view, table_name=view)
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    results = batch.validate(expected, result_format="SUMMARY").results
    if len(results) != len(suite.content["expectations"]):
        raise CheckFailed(
            f"{suite.name}: {len(results)} of {len(suite.content['expectations'])} evaluated"
        )
    for result in results:
        yield _result(suite, result)


@cache
def _datasource(database: str) -> DuckDBDatasource:
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source: DuckDBDatasource = context.data_sources.add_duckdb("gates", connection_string=database)
    return source


def _result(suite: Suite, result: Any) -> CheckResult:
    config = result.expectation_config
    if trouble := _exception(result.exception_info or {}):
        raise CheckFailed(f"{suite.name}: {config.type} could not be evaluated: {trouble}")
    found = result.result or {}
    column = config.kwargs.get("column")
    return CheckResult(
        tool="gx",
        subject=suite.name,
        check=f"{config.type}({column})" if column else config.type,
        severity=config.severity.value,
        passed=bool(result.success),
        failures=0 if result.success else int(found.get("unexpected_count") or 1),
        why=(config.meta or {}).get("why", ""),
        message="" if result.success else _message(config.kwargs, found),
    )


def _exception(info: dict[str, Any]) -> str:
    """Return why an expectation could not be evaluated; GX nests this by metric, or does not."""
    nested = [info, *(value for value in info.values() if isinstance(value, dict))]
    raised = [one for one in nested if one.get("raised_exception")]
    return str(raised[0].get("exception_message")) if raised else ""


def _message(arguments: dict[str, Any], found: dict[str, Any]) -> str:
    asked = {name: value for name, value in arguments.items() if name not in ("column", "batch_id")}
    if "observed_value" in found:
        return f"expected {asked}, came {found['observed_value']!r}"
    examples = list(found.get("partial_unexpected_list", []))[:_EXAMPLES]
    return (
        f"expected {asked}, broken by {found.get('unexpected_count')} of "
        f"{found.get('element_count')} rows, for example {examples!r}"
    )
