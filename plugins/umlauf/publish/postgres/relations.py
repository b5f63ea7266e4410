"""What a snapshot holds, as PostgreSQL would have it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from umlauf.errors import ConfigError
from umlauf.publish.original import columns_of, relations_for_readers

STORE = "umlauf_marts"
# Stamps are UTC in the marts; PostgreSQL is told so, that tools show them in the reader's zone.
_TYPES = {
    "BIGINT": "bigint", "INTEGER": "integer", "BOOLEAN": "boolean", "DATE": "date",
    "DOUBLE": "double precision", "VARCHAR": "text", "TIMESTAMP": "timestamptz",
}  # fmt: skip
_NULL_CHARACTER, _REPLACEMENT = "chr(0)", "chr(65533)"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column by its name, PostgreSQL's type and what it holds."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A published table or view; `key` names the columns that tell its rows apart, a day first."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """Name as readers write it."""
        return f"{self.schema}.{self.name}"

    @property
    def parent(self) -> str:
        """The partitioned table, quoted; one that has changed its columns has another."""
        shape = hashlib.sha256(repr((self.columns, self.comment)).encode()).hexdigest()[:8]
        return f'{STORE}."{self.relation} {shape}"'

    def partition(self, build_id: str) -> str:
        """The table of one build, quoted."""
        return f'{build_schema(build_id)}."{self.relation}"'

    @property
    def needs_day_index(self) -> bool:
        """Whether it has a day that the key does not begin with."""
        return "day" in {column.name for column in self.columns} - {*self.key[:1]}

    @property
    def select(self) -> str:
        """DuckDB's query for its rows, in the order of the columns."""
        return self._select(f'"{column.name}"' for column in self.columns)

    @property
    def select_replaced(self) -> str:
        """The same with another character in place of NUL, which no text of PostgreSQL can hold."""
        return self._select(
            f'replace("{column.name}", {_NULL_CHARACTER}, {_REPLACEMENT})'
            if column.type == "text"
            else f'"{column.name}"'
            for column in self.columns
        )

    def _select(self, terms: Iterable[str]) -> str:
        return f"select {', '.join(terms)} from {self.relation}"


def build_schema(build_id: str) -> str:
    """Return the schema of a build's partitions, quoted."""
    return f'"umlauf {build_id}"'


def relations_of(
    snapshot: duckdb.DuckDBPyConnection, keys: Mapping[str, tuple[str, ...]]
) -> list[Relation]:
    """Return what readers of a snapshot see.

    Raises:
        ConfigError: a column has a type that PostgreSQL is not told of.
    """
    return [
        Relation(
            schema=schema,
            name=name,
            comment=comment,
            columns=tuple(
                Column(name=column, type=_type(kind, f"{schema}.{name}.{column}"), comment=said)
                for column, kind, said in columns_of(snapshot, schema, name)
            ),
            # Most questions are of some days: they read rows that lie together, by one index.
            key=tuple(sorted(keys.get(f"{schema}.{name}", ()), key=lambda one: one != "day")),
        )
        for schema, name, comment in relations_for_readers(snapshot)
    ]


def _type(kind: str, where: str) -> str:
    if decimal := re.fullmatch(r"DECIMAL(\(\d+,\d+\))", kind):
        return f"numeric{decimal[1]}"
    if kind not in _TYPES:
        raise ConfigError(f"postgres: {where} is {kind}; say in {__name__} what that is")
    return _TYPES[kind]
