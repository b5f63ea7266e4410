"""One Great Expectations context on one DuckDB in memory, for all suites of a gate.

Two things make it quick (measured on GX 1.24.1): one asset over a view called `gate` that each
suite points at its own rows, because every asset added costs GX a connection test and a rewrite
of its configuration; and raw payloads are taken apart once, not once per expectation.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)

import umlauf.quality.duckdb_source  # noqa: F401  # its import gives GX its DuckDB data source
from umlauf.errors import CheckFailed
from umlauf.quality.results import MOST_EXAMPLES, CheckResult, failures, message, row_text
from umlauf.quality.suites import MARTS, Suite
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.parquet import let_read

_DATABASE = "duckdb:///:memory:umlauf_gates"
_FIRST_LOOK = "BASIC"
_CLOSE_LOOK = {"result_format": "SUMMARY", "unexpected_index_column_names": ["record_key"]}


class Inspection:
    """Checks suites while it is open; the warehouse is attached read-only as `warehouse`."""

    def __init__(self, warehouse_file: Path, memory: str) -> None:
        """Start Great Expectations, without progress bars; `memory` is what DuckDB may hold."""
        self._warehouse_file = warehouse_file
        self._memory = memory
        # Its own default would leave a folder behind in the temporary directory, every night.
        stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
        config = DataContextConfig(store_backend_defaults=stores)
        self._context = gx.get_context(mode="ephemeral", project_config=config)
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        # Through SQLAlchemy, as GX does it: DuckDB shares a database only among equal
        # configurations.
        self._engine = sa.create_engine(_DATABASE, isolation_level="AUTOCOMMIT")
        self._validations: list[tuple[str, Any]] = []

    def __enter__(self) -> Self:
        """Attach the warehouse."""
        self._connection = self._engine.connect()
        quoted = str(self._warehouse_file).replace("'", "''")
        # A database in memory has no place of its own for what does not fit.
        self._run(f"set temp_directory = '{quoted}.gates.duckdb.tmp'")
        self._run(f"set memory_limit = '{self._memory}'")
        self._run(f"attach '{quoted}' as warehouse (read_only)")
        self._run("create or replace view gate as select 1 as nothing_yet")
        source = self._context.data_sources.add_duckdb("gates", connection_string=_DATABASE)
        asset = source.add_table_asset("gate", table_name="gate")
        self._rows = asset.add_batch_definition_whole_table("all")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the warehouse: GX keeps its connection, and dbt must open the file next."""
        self._run("drop view if exists gate")
        self._run("drop table if exists rows")
        self._run("detach warehouse")
        self._connection.close()
        self._engine.dispose()

    def let_read(self, landing: AnyPath) -> None:
        """Let raw suites read landing, wherever it lies."""
        let_read(self._connection.connection.driver_connection, landing)  # type: ignore[arg-type]

    def check(self, suite: Suite, select: str, *, is_table: bool = False) -> list[CheckResult]:
        """Check the rows that `select` gives; raw rows that are none at all are not judged.

        Unless it `is_table`, what it gives is worked out once, not once per expectation.

        Raises:
            CheckFailed: an expectation could not be evaluated, or not all of them were.
        """
        if not is_table:
            self._run(f"create or replace table rows as {select}")
            select = "from rows"
        if suite.kind != MARTS and not self._run("from rows limit 1").fetchall():
            return []
        self._run(f"create or replace view gate as {select}")
        expectations = list(suite.content["expectations"])
        found = self._validate(suite, expectations, _FIRST_LOOK)
        if len(found.results) != len(expectations):
            raise CheckFailed(
                f"{suite.name}: {len(found.results)} of {len(expectations)} expectations evaluated"
            )
        self._validations.append((suite.name, found))
        for result in found.results:
            _raise_trouble(suite, result)
        results = list(found.results)
        failed = [_as_written(result) for result in results if not result.success]
        if failed and suite.kind != MARTS:  # raw records have a key that tells which to look at
            results = [result for result in results if result.success]
            results += self._validate(suite, failed, _CLOSE_LOOK).results
        return [self._result(suite, result) for result in results]

    def write_docs(self, folder: Path, build_id: str, at: datetime) -> Path:
        """Write Data Docs of everything checked so far to `folder`, instead of what stood there.

        `at` (aware UTC) is the moment of the checks as the pages show it.
        """
        partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
        run = RunIdentifier(run_name=build_id, run_time=at)
        for name, found in self._validations:
            found.meta["run_id"] = run
            key = ValidationResultIdentifier(
                expectation_suite_identifier=ExpectationSuiteIdentifier(name),
                run_id=run,
                batch_identifier=name,
            )
            self._context.validation_results_store.set(key, found)
        self._context.add_data_docs_site("gates", _site(partial))
        self._context.build_data_docs(site_names=["gates"])
        shutil.rmtree(folder, ignore_errors=True)
        return partial.rename(folder)

    def _validate(self, suite: Suite, expectations: Sequence[Any], look: Any) -> Any:
        described = [one | {"description": _described(one)} for one in expectations]
        expected = gx.ExpectationSuite(name=suite.name, expectations=described)
        return self._rows.get_batch().validate(expected, result_format=look)

    def _result(self, suite: Suite, result: Any) -> CheckResult:
        config = result.expectation_config
        column, query = config.kwargs.get("column"), config.kwargs.get("unexpected_rows_query")
        found = dict(result.result or {})
        if query and not result.success:
            found["broken_rows"] = found.pop("observed_value")
            found["examples"] = self._examples(query)
        return CheckResult(
            tool="gx",
            subject=suite.name,
            check=f"{config.type}({column})" if column else config.type,
            severity=config.severity.value,
            passed=bool(result.success),
            failures=0 if result.success else failures(found),
            why=(config.meta or {}).get("why", ""),
            message="" if result.success else message(config.kwargs, found),
        )

    def _examples(self, query: str) -> list[str]:
        asked = query.format(batch="gate")
        found = self._run(f"from ({asked}) limit {MOST_EXAMPLES}")
        return [row_text(dict(row)) for row in found.mappings()]

    def _run(self, sql: str) -> sa.CursorResult[Any]:
        return self._connection.exec_driver_sql(sql)


def _described(expectation: dict[str, Any]) -> str:
    """Say for the Data Docs what is expected and why."""
    asked = ", ".join(f"{name} {value}" for name, value in expectation["kwargs"].items())
    what = expectation["type"].replace("_", " ")
    return f"{expectation['meta']['why']} [{expectation['severity']}: {what}: {asked}]"


def _as_written(result: Any) -> dict[str, Any]:
    config = result.expectation_config
    return {
        "type": config.type,
        "kwargs": {name: value for name, value in config.kwargs.items() if name != "batch_id"},
        "severity": config.severity.value,
        "meta": {"why": config.meta["why"]},
    }


def _raise_trouble(suite: Suite, result: Any) -> None:
    info = result.exception_info or {}
    # GX nests this by metric, or does not.
    nested = [info, *(value for value in info.values() if isinstance(value, dict))]
    for one in nested:
        if one.get("raised_exception"):
            raise CheckFailed(
                f"{suite.name}: {result.expectation_config.type} could not be evaluated: "
                f"{one.get('exception_message')}"
            )


def _site(folder: Path) -> Any:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder.resolve()),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
