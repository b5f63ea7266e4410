"""The SQL that cuts a share out of the published snapshot, checked before a row is read.

Names come from the snapshot's own catalogue, values are bound: what a declaration says can choose
among rows and columns, and is never run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from umlauf.errors import ConfigError
from umlauf.publish import original
from umlauf.share.declaration import Among, Cut, Rows
from umlauf.warehouse.dbt import DBT_PROJECT

_MODELS = DBT_PROJECT / "models" / "marts"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column as the snapshot describes it; `kind` is DuckDB's type."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The marts of a snapshot, each with its columns by name; and what each of them is."""

    marts: Mapping[str, Mapping[str, Column]]
    descriptions: Mapping[str, str]

    def column(self, where: str, mart: str, name: str) -> Column:
        """Return a column.

        Raises:
            ConfigError: there is no such mart or column; names those there are.
        """
        if mart not in self.marts:
            known = ", ".join(self.marts)
            raise ConfigError(f"{where}: no mart {mart!r} is published; there are {known}")
        if name not in self.marts[mart]:
            known = ", ".join(self.marts[mart])
            raise ConfigError(f"{where}: {mart} has no column {name!r}; it has {known}")
        return self.marts[mart][name]


def read_catalogue(connection: duckdb.DuckDBPyConnection) -> Catalogue:
    """Return the marts of the snapshot: what has a model; tables of the run itself have none."""
    marts: dict[str, dict[str, Column]] = {}
    descriptions: dict[str, str] = {}
    for schema, name, comment in original.relations_for_readers(connection):
        relation = f"{schema}.{name}"
        if _model_file(relation).is_file():
            descriptions[relation] = comment
            marts[relation] = {
                column: Column(name=column, kind=kind, description=said)
                for column, kind, said in original.columns_of(connection, schema, name)
            }
    return Catalogue(marts=marts, descriptions=descriptions)


def columns_of(catalogue: Catalogue, cut: Cut) -> list[Column]:
    """Return the columns that leave the house.

    Raises:
        ConfigError: one is not there, or tells of a person.
    """
    chosen = [catalogue.column(f"{cut.where}: columns", cut.mart, name) for name in cut.columns]
    if personal := sorted(set(cut.columns) & personal_columns(cut.mart)):
        raise ConfigError(
            f"{cut.where}: columns: {cut.mart}.{personal[0]} is personal (meta: pii) and is in no "
            "share; leave it out"
        )
    return chosen


def query_of(catalogue: Catalogue, cut: Cut) -> tuple[str, list[str | None]]:
    """Return the query of a cut and the values bound to it; equal content has one order.

    Raises:
        ConfigError: a mart or column is not there, or must not leave the house.
    """
    selected = ", ".join(_quoted(column.name) for column in columns_of(catalogue, cut))
    condition, values = _condition(catalogue, f"{cut.where}: rows", cut.mart, cut.rows)
    return f"select {selected} from {cut.mart} where {condition} order by all", values


@cache
def personal_columns(mart: str) -> frozenset[str]:
    """Return the columns of a mart whose model says `meta: pii`."""
    (model,) = yaml.load(_model_file(mart).read_text(), Loader=yaml.CSafeLoader)["models"]
    return frozenset(column["name"] for column in model["columns"] if _is_personal(column))


def _is_personal(column: Mapping[str, Any]) -> bool:
    places = (column, column.get("config") or {})
    return any((place.get("meta") or {}).get("pii") for place in places)


def _condition(
    catalogue: Catalogue, where: str, mart: str, rows: Rows
) -> tuple[str, list[str | None]]:
    terms, values = ["true"], []
    for name, allowed in rows.items():
        column = catalogue.column(where, mart, name)
        if isinstance(allowed, Among):
            inner = catalogue.column(f"{where}.{name}.in", allowed.mart, allowed.column)
            condition, more = _condition(
                catalogue, f"{where}.{name}.where", allowed.mart, allowed.where
            )
            terms.append(
                f"{_quoted(column.name)} in (select {_quoted(inner.name)} from {allowed.mart} "
                f"where {condition})"
            )
            values += more
        else:
            one = f"{_quoted(column.name)} is not distinct from cast(? as {column.kind})"
            terms.append(f"({' or '.join([one] * len(allowed))})")
            values += allowed
    return " and ".join(terms), values


def _model_file(relation: str) -> Path:
    schema, _, name = relation.partition(".")
    return _MODELS / schema / f"{name}.yml"


def _quoted(name: str) -> str:
    return f'"{name}"'
