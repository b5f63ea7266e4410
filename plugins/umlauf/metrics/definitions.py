"""The metrics of the published snapshot, as they were defined when it was built.

The snapshot carries dbt's semantic manifest (`trust.semantic_manifest`), so definitions and data
are published, rolled back and copied together. MetricFlow compiles here and nothing else: its own
command would take the write lock, return floats and read whatever manifest dbt left last.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import cast

import duckdb
import pyarrow as pa
from metricflow.engine.metricflow_engine import MetricFlowEngine
from metricflow.engine.models import Dimension
from metricflow.protocols.sql_client import SqlClient, SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.protocols.metric import Metric
from metricflow_semantic_interfaces.references import MetricReference
from metricflow_semantic_interfaces.type_enums.dimension_type import DimensionType
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from umlauf.errors import ConfigError
from umlauf.metrics.question import GRAINS

_LISTED = "`umlauf metrics` lists all"


class _DuckDb:
    """What MetricFlow wants to know of a database to write SQL for it; it runs nothing."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class Definitions:
    """The metrics of one semantic manifest (dbt's JSON)."""

    def __init__(self, manifest: str) -> None:
        self._manifest = parse_manifest_from_dbt_generated_manifest(manifest)
        self._lookup = SemanticManifestLookup(self._manifest)

    @cached_property
    def engine(self) -> MetricFlowEngine:
        """MetricFlow over these definitions."""
        return MetricFlowEngine(self._lookup, cast(SqlClient, _DuckDb()))

    @property
    def metrics(self) -> list[Metric]:
        """All metrics, by name."""
        return sorted(self._manifest.metrics, key=lambda one: one.name)

    def check_names(self, names: Iterable[str]) -> None:
        """Raise a ConfigError that names the nearest ones when there is no such metric."""
        known = [one.name for one in self.metrics]
        for name in names:
            if name not in known:
                raise ConfigError(f"metrics: no metric {name!r}; {nearest(name, known)}")

    def grain(self, names: Sequence[str]) -> str:
        """Return the shortest period for which all of these metrics are known."""
        lookup = self._lookup.metric_lookup
        shortest = (
            lookup.get_min_queryable_time_granularity(MetricReference(element_name=name)).value
            for name in names
        )
        return max(shortest, key=GRAINS.index)

    def paths(self, names: Sequence[str]) -> list[str]:
        """Return MetricFlow's names of all dimensions that these metrics share, longest first."""
        found = [
            one.dunder_name
            for one in self.engine.list_group_bys(list(names))
            if isinstance(one, Dimension) and one.type is DimensionType.CATEGORICAL
        ]
        return sorted(found, key=lambda path: (-path.count("__"), path))

    def dimensions(self, names: Sequence[str]) -> dict[str, str]:
        """Return what all of these metrics can be grouped by: its name, and MetricFlow's.

        Of several ways to one name (the day's owner, the deal's owner) the shortest is meant.
        """
        return {path.rsplit("__", 1)[-1]: path for path in self.paths(names)}


def read_definitions(snapshot: duckdb.DuckDBPyConnection) -> Definitions:
    """Return the definitions that a snapshot was published with.

    Raises:
        ConfigError: it was published before there were any.
    """
    try:
        ((manifest,),) = snapshot.execute("from trust.semantic_manifest select manifest").fetchall()
    except duckdb.CatalogException as error:
        raise ConfigError(
            "metrics: the published snapshot is older than its metrics; `umlauf build --force` "
            "publishes one that has them"
        ) from error
    return Definitions(manifest)


def metric_table(definitions: Definitions) -> pa.Table:
    """Return one row per metric: what it is called, counts, says and can be grouped by."""
    return pa.Table.from_pylist([
        {
            "metric": one.name,
            "unit": one.config.meta.get("unit") if one.config else None,
            "says": f"{one.label}: {' '.join((one.description or '').split())}",
            "known_by": ", ".join((
                definitions.grain([one.name]), *sorted(definitions.dimensions([one.name])),
            )),
        }
        for one in definitions.metrics
    ])  # fmt: skip


def nearest(name: str, known: Iterable[str]) -> str:
    """Say what may have been meant by a name that is not known."""
    close = difflib.get_close_matches(name, list(known))
    return f"nearest: {', '.join(close)}; {_LISTED}" if close else _LISTED
