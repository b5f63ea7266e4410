"""Which columns a model's columns are made of, read from the SQL that dbt compiled.

sqlglot needs seconds for all models, so what it found is kept in <home>/cache beside a hash
of each model's text: a night in which no model changed reads that.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from umlauf.settings import Settings
from umlauf.warehouse.dbt import read_manifest

log = logging.getLogger(__name__)

Column = tuple[str, str]  # relation (`pipeline.fct_deal`) and column
Columns = Mapping[str, Iterable[str]]  # of each relation

# The night's own dates stand in the text: they change it, and not what a column is made of.
_DATES = re.compile(r"'\d{4}-\d\d-\d\d[^']*'")


def model_columns(settings: Settings, columns: Columns) -> dict[str, dict[str, list[Column]]]:
    """Return, by relation and column, the columns of the relations that a model reads.

    `columns` are those of all relations in the warehouse. A column that counts rows, or holds a
    constant, has none. A model that sqlglot cannot read is left out.
    """
    nodes = read_manifest(settings)["nodes"]
    models = {
        f"{node['schema']}.{node['name']}": node
        for node in nodes.values()
        if node["resource_type"] == "model" and node.get("compiled_code")
    }
    known, found = _known(settings), {}
    schema: Any = None
    for relation, node in models.items():
        sql = _DATES.sub("'1970-01-01'", node["compiled_code"])
        read = sorted(
            f"{nodes[name]['schema']}.{nodes[name]['name']}"
            for name in node["depends_on"]["nodes"]
            if name in nodes
        )
        digest = _digest(sql, {name: sorted(columns.get(name, ())) for name in read})
        found[relation] = known.get(relation, {})
        if found[relation].get("digest") != digest:
            schema = schema or _schema(columns)
            found[relation] = {"digest": digest, "columns": _traced(relation, sql, schema)}
    _keep(settings, found)
    return _columns(found)


def kept_columns(settings: Settings) -> dict[str, dict[str, list[Column]]]:
    """Return what `model_columns` found for the last build that was published."""
    return _columns(_known(settings))


def staging_lineage(settings: Settings, columns: Columns) -> Iterator[tuple[str, str, str, str]]:
    """Yield relation and column of a staging model or seed, and the mart's column made of it."""
    nodes = read_manifest(settings)["nodes"].values()
    parts = {f"{node['schema']}.{node['name']}": node["fqn"][1] for node in nodes}
    made_of = model_columns(settings, columns)

    @cache
    def above(relation: str, column: str) -> frozenset[Column]:
        if relation not in made_of or parts.get(relation) == "staging":
            return frozenset({(relation, column)})
        return frozenset().union(*(above(*one) for one in made_of[relation].get(column, ())))

    for relation in sorted(made_of):
        if parts.get(relation) == "marts":
            for column, direct in made_of[relation].items():
                for origin in sorted(frozenset[Column]().union(*(above(*one) for one in direct))):
                    yield *origin, relation, column


def _traced(relation: str, sql: str, schema: Any) -> dict[str, list[Column]] | None:
    """Return each column's origins in the SQL, None if sqlglot cannot say."""
    from sqlglot import exp
    from sqlglot.lineage import lineage

    try:
        columns = lineage(
            None, sql, schema=schema, dialect="duckdb", trim_selects=False, copy=False
        )
    except Exception as error:  # whatever a parser raises, no build waits for its lineage
        log.warning("%s: nobody knows what its columns are made of: %s", relation, error)
        return None
    return {
        name: sorted(
            {
                (origin, one.name.rpartition(".")[2])
                for one in node.walk()
                if isinstance(one.expression, exp.Table) and one.expression.db
                # A model to which a night adds its news reads itself: that is no origin.
                if (origin := f"{one.expression.db}.{one.expression.name}") != relation
            }
        )
        for name, node in columns.items()
        if name != "*"
    }


def _schema(columns: Columns) -> Any:
    from sqlglot.schema import MappingSchema

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of each column it guesses
    nested: dict[str, dict[str, dict[str, str]]] = {}
    for relation, names in columns.items():
        schema, _, table = relation.partition(".")
        nested.setdefault(schema, {})[table] = dict.fromkeys(names, "varchar")
    return MappingSchema({"warehouse": nested}, dialect="duckdb")


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps([_reader(), *parts]).encode()).hexdigest()


@cache
def _reader() -> str:
    return version("sqlglot")  # its package's metadata is read for it, once and not per model


def _columns(found: Mapping[str, Any]) -> dict[str, dict[str, list[Column]]]:
    return {
        relation: {
            name: [(one, column) for one, column in made_of]
            for name, made_of in known["columns"].items()
        }
        for relation, known in found.items()
        if known["columns"] is not None
    }


def _known(settings: Settings) -> dict[str, Any]:
    """Return what was found before; a damaged file counts as nothing."""
    try:
        known: dict[str, Any] = json.loads(_file(settings).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return known


def _keep(settings: Settings, found: Mapping[str, Any]) -> None:
    """Keep what was found; only the owner of the warehouse comes here."""
    file, text = _file(settings), json.dumps(found)
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)  # a killed run's
    if not file.exists() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text)
        partial.replace(file)


def _file(settings: Settings) -> Path:
    return settings.home / "cache" / "column_lineage.json"
