"""The gates: run every suite on a build; a critical failure stops publishing.

Raw suites look at the batches landed since the published build, through an in-memory DuckDB that
locks nothing; mart suites at the warehouse, read-only. Every result, good or bad, is landed, and
shown as Data Docs under <home>/reports/data_docs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from umlauf.errors import CheckFailed
from umlauf.landing.batch import batch_files, fetched_text, stamp_text
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import WAREHOUSE_LEASE, hold_lease
from umlauf.publish.lineage import read_lineage
from umlauf.quality.inspection import Inspection
from umlauf.quality.results import CheckResult, land_results
from umlauf.quality.suites import EXPECTATIONS, MARTS, Suite, load_suites
from umlauf.settings import Settings, source_names
from umlauf.storage.bucket_path import AnyPath
from umlauf.warehouse.build import Build, current_build
from umlauf.warehouse.dbt import NodeResult, read_manifest
from umlauf.warehouse.published import published_known_on

log = logging.getLogger(__name__)

_MOST_NAMED = 10


@dataclass(frozen=True, kw_only=True)
class GateReport:
    """What the gates found."""

    build_id: str
    evaluated: int
    warnings: tuple[CheckResult, ...]
    seconds: float


def check_build(
    settings: Settings, build_id: str, *, at: datetime, expectations: Path = EXPECTATIONS
) -> GateReport:
    """Run all suites on the build in the warehouse; `at` (aware UTC) is stamped on the results.

    Raises:
        CheckFailed: a critical expectation failed, or none was evaluated; names the first ten.
        LeaseLost: the warehouse holds another build by now.
    """
    begun = time.monotonic()
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds):
        build = current_build(settings, build_id)
        results = _run_suites(settings, build, at, expectations)
        results += [*map(_of_dbt, _tests(build)), *build.contracts]
        land_results(settings.landing_root, build_id, build.as_of, results, at)
    _decide(build_id, results)
    warnings = tuple(result for result in results if not result.passed)
    for warning in warnings:
        log.warning("%s: %s", warning.subject, warning.sentence)
    return GateReport(
        build_id=build_id,
        evaluated=len(results),
        warnings=warnings,
        seconds=round(time.monotonic() - begun, 3),
    )


def _run_suites(
    settings: Settings, build: Build, at: datetime, expectations: Path
) -> list[CheckResult]:
    marts = _marts(settings)
    disabled = {name for name in source_names() if not settings.source(name).enabled}
    fed_in_part = _fed_in_part(settings, disabled)
    known_on = published_known_on(settings)
    results: list[CheckResult] = []
    with Inspection(settings.warehouse_file, settings.memory) as inspection:
        inspection.let_read(settings.landing_root)
        for suite in load_suites(expectations):
            if suite.kind == MARTS:
                mart = marts[suite.subject]
                relation = f"{mart['schema']}.{mart['name']}"
                asked = suite.asked_without(disabled, is_fed_in_part=relation in fed_in_part)
                is_table = mart["config"]["materialized"] != "view"
                results += inspection.check(asked, f"from warehouse.{relation}", is_table=is_table)
            elif files := _new_files(settings, suite, known_on):
                results += inspection.check(suite, _raw_rows(suite, files))
        settings.reports.mkdir(parents=True, exist_ok=True)
        sweep_partials(settings.reports, "data_docs.*.partial")
        inspection.write_docs(settings.reports / "data_docs", build.build_id, at)
    return results


def _marts(settings: Settings) -> dict[str, Any]:
    """Return the manifest's nodes of the marts, by name."""
    nodes = read_manifest(settings)["nodes"].values()
    return {
        node["name"]: node
        for node in nodes
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }


def _fed_in_part(settings: Settings, disabled: Collection[str]) -> set[str]:
    """Return marts that are built from a disabled source too: they may well be empty."""
    return {
        mart
        for subject, mart in (read_lineage(settings) if disabled else ())
        if subject.partition(".")[0] in disabled
    }


def _new_files(settings: Settings, suite: Suite, known_on: datetime | None) -> list[AnyPath]:
    """Return the suite's batches that the published build does not know yet."""
    files = batch_files(settings.landing_root, suite.kind, suite.subject)
    if known_on is None:
        return list(files)
    return [file for file in files if fetched_text(file) > stamp_text(known_on)]


def _raw_rows(suite: Suite, files: Sequence[AnyPath]) -> str:
    """Return SQL for the newest version of each new record that still exists.

    Only the newest: a bad record that was mended at its source must not fail for ever.
    """
    columns = ["record_key", "record_version", "is_deleted", "fetched_at"]
    for name, path in suite.columns.items():
        json_path, _, kind = path.partition("::")
        # An empty field comes as null, as empty text (HubSpot) or as false (Odoo).
        text = f"nullif(nullif(payload ->> '$.{json_path}', ''), 'false')"
        columns.append(f'try_cast({text} as {kind}) as "{name}"' if kind else f'{text} as "{name}"')
    listed = ", ".join(_quoted(str(file)) for file in files)
    newest = (
        f"select {', '.join(columns)} from read_parquet([{listed}]) qualify row_number() over "
        "(partition by record_key order by fetched_at desc, record_version desc) = 1"
    )
    return f"select * exclude (is_deleted) from ({newest}) where not is_deleted order by record_key"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _tests(build: Build) -> list[NodeResult]:
    return [result for result in build.results if result.kind in ("test", "unit_test")]


def _of_dbt(result: NodeResult) -> CheckResult:
    return CheckResult(
        tool="dbt",
        subject=result.attached_to,
        check=result.name,
        severity="warning" if result.status == "warn" else "critical",
        passed=result.status in ("pass", "success"),
        failures=result.failures,
        why="",
        message=result.message if result.status != "pass" else "",
    )


def _decide(build_id: str, results: Sequence[CheckResult]) -> None:
    if not any(result.tool == "gx" for result in results):
        raise CheckFailed(f"build {build_id}: 0 expectations evaluated; nothing is published")
    bad = [result for result in results if not result.passed and result.severity == "critical"]
    if bad:
        named = "; ".join(f"{result.subject}: {result.sentence}" for result in bad[:_MOST_NAMED])
        raise CheckFailed(
            f"build {build_id}: {len(bad)} of {len(results)} checks failed: {named}. "
            "The last good snapshot stays published; mend the source or the model, then run again"
        )
