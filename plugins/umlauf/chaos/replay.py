"""The marts of a landing without dbt: its compiled models, run one after another in memory.

dbt needs half a minute for what DuckDB does in seconds, most of it per model and whatever the data.
What dbt compiled for one night's build says the same of another landing, once it is told where that
lies and what is known. That a replay equals what was built and published is checked before each use
(`Replay.prove`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from umlauf.landing.ledger import Landed, read_landed, write_index
from umlauf.publish.content_hash import content_hash
from umlauf.settings import Settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.dbt import dbt_environment, read_manifest
from umlauf.warehouse.places import tell_places


@dataclass(frozen=True, kw_only=True)
class _Model:
    relation: str
    is_view: bool
    is_mart: bool
    sql: str
    columns: Mapping[str, str]  # name to type; of a contract alone

    def run(self, connection: duckdb.DuckDBPyConnection, sql: str) -> None:
        if self.is_view:
            connection.execute(f"create view {self.relation} as {sql}")
        elif self.columns:
            typed = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
            names = ", ".join(f'"{name}"' for name in self.columns)
            connection.execute(f"create table {self.relation} ({typed})")
            connection.execute(f"insert into {self.relation} select {names} from ({sql})")
        else:
            connection.execute(f"create table {self.relation} as {sql}")


@dataclass(frozen=True, kw_only=True)
class Replay:
    """All models in order, compiled for one home; `seeds` is a DuckDB file with theirs."""

    home: Path
    seeds: Path
    known_on: str
    as_of: str
    models: tuple[_Model, ...]

    @contextmanager
    def built(
        self, settings: Settings, file: str | Path = ":memory:"
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a database that holds what dbt would build of a home's landing."""
        landed = read_landed(settings.landing_root, all_sources(), settings.cache)
        write_index(landed, settings.warehouse / "batches.parquet")
        told = self.told(settings, landed)
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"set TimeZone = 'UTC'; attach '{file}' as warehouse")
            connection.execute(f"attach '{self.seeds}' as kept (read_only); use warehouse")
            tell_places(connection, dbt_environment(settings))
            self._copy_seeds(connection)
            for model in self.models:
                model.run(connection, replaced(model.sql, told))
            yield connection

    def told(self, settings: Settings, landed: Landed) -> dict[str, str]:
        """Return what compiled SQL says of its own night, and what to say of another instead."""
        return {
            str(self.home): str(settings.home),
            self.known_on: _known_on(f"{landed.known_on.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"),
            self.as_of: _as_of(landed.as_of(settings).isoformat()),
        }

    def hashes(self, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        """Return the content hash of each mart that a database holds, but `trust`'s.

        What `trust` says is of the run itself: how often it asked, when, what it put aside.
        """
        return {
            model.relation: content_hash(connection, model.relation, _columns(connection, model))
            for model in self.models
            if model.is_mart and not model.is_view
        }

    def marts(self, settings: Settings) -> dict[str, str]:
        """Return the content hashes of the marts that dbt would build of a home's landing."""
        with self.built(settings) as connection:
            return self.hashes(connection)

    def prove(self, settings: Settings) -> dict[str, str]:
        """Return the marts of a home after a look at what its snapshot says of each.

        Raises:
            RuntimeError: a replayed mart is not the published one.
        """
        marts = self.marts(settings)
        published = published_hashes(settings.marts_file)
        wrong = sorted(name for name, stated in marts.items() if published.get(name) != stated)
        if wrong:
            raise RuntimeError(f"replay: not as published: {', '.join(wrong)}")
        return marts

    def _copy_seeds(self, connection: duckdb.DuckDBPyConnection) -> None:
        for schema in sorted({model.relation.split(".")[0] for model in self.models} | {"seeds"}):
            connection.execute(f"create schema {schema}")
        names = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'kept' and schema_name = 'seeds'"
        ).fetchall()
        for (name,) in names:
            connection.execute(f"create table seeds.{name} as from kept.seeds.{name}")


def read_replay(settings: Settings) -> Replay:
    """Take the models as dbt compiled them for the last build of a home, one of everything."""
    nodes = {
        name: node
        for name, node in read_manifest(settings)["nodes"].items()
        if node["resource_type"] == "model"
    }
    build = json.loads((settings.warehouse / "build.json").read_bytes())
    known_on = datetime.fromisoformat(build["known_on"]).astimezone(UTC)
    order = TopologicalSorter({name: _needs(nodes, node) for name, node in nodes.items()})
    return Replay(
        home=settings.home,
        seeds=settings.warehouse_file,
        known_on=_known_on(f"{known_on:%Y-%m-%d %H:%M:%S.%f}"),
        as_of=_as_of(build["as_of"]),
        models=tuple(_model(nodes[name]) for name in order.static_order()),
    )


def published_hashes(marts_file: Path) -> dict[str, str]:
    """Return the content hash of each mart as the snapshot's own build record states it."""
    with duckdb.connect(marts_file, read_only=True) as connection:
        rows = connection.execute(
            "select mart, content_hash from trust.build "
            "where build_id = (select build_id from core.dim_date limit 1)"
        ).fetchall()
    return dict(rows)


def _known_on(moment: str) -> str:
    return f"cast('{moment}' as timestamp)"


def _as_of(day: str) -> str:
    return f"cast('{day}' as date)"


def _needs(nodes: Mapping[str, Any], node: Mapping[str, Any]) -> list[str]:
    return [name for name in node["depends_on"]["nodes"] if name in nodes]


def _model(node: Mapping[str, Any]) -> _Model:
    is_bound = bool(node["config"]["contract"]["enforced"])
    return _Model(
        relation=f"{node['schema']}.{node['name']}",
        is_view=node["config"]["materialized"] == "view",
        is_mart=node["fqn"][1] == "marts" and node["schema"] != "trust",
        sql=node["compiled_code"],
        columns={
            column["name"]: column["data_type"] for column in node["columns"].values() if is_bound
        },
    )


def _columns(connection: duckdb.DuckDBPyConnection, model: _Model) -> list[str]:
    return [row[0] for row in connection.execute(f"describe {model.relation}").fetchall()]


def replaced(sql: str, told: Mapping[str, str]) -> str:
    """Return compiled SQL as `Replay.told` has it for another night."""
    for old, new in told.items():
        sql = sql.replace(old, new)
    return sql
