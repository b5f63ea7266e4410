"""The models that read landing, compiled once by dbt and run on DuckDB in memory in milliseconds.

Stands in for dbt in what dbt does with a table or an incremental model: whole nights, run by dbt
itself, are in tests/warehouse/test_past_nights.py.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.landing.batch import declare_stream
from umlauf.landing.ledger import read_landed, write_index
from umlauf.sources.registry import all_sources
from umlauf.warehouse.dbt import DBT_PROJECT, dbt_environment
from umlauf.warehouse.increment import news_file, write_news

STREAMS = [(source.name, stream.name) for source in all_sources() for stream in source.streams]
_LANDED = """
    create table landed (
        source varchar, stream varchar, night int, record_key varchar, record_version timestamp,
        is_deleted boolean, payload varchar, fetched_at timestamp
    )
"""
_HOOK = re.compile(r"forget_touched\('(\w+)', '(\w+)'\)")


@dataclass(frozen=True)
class Model:
    """SQL of a model for all of landing and, when it adds news, for those."""

    relation: str
    is_view: bool
    sql: str
    news_sql: str
    keys: tuple[str, ...]
    forgets: str
    streams: frozenset[tuple[str, str]]


def compile_models(settings):
    """Return the models that read landing, most of which add a night's news, or judge them."""
    for source in all_sources():
        for stream in source.streams:
            declare_stream(settings.landing_root, source.name, stream.name, source.start)
    landed = read_landed(settings.landing_root, all_sources())
    write_index(landed, settings.warehouse / "batches.parquet")
    write_news(settings, None)
    whole = _compile(settings, "--full-refresh")
    chosen = _that_read_landing(whole)
    with duckdb.connect(settings.warehouse_file) as warehouse:
        for name in chosen:  # dbt only asks whether a table is there
            schema, table = whole[name]["schema"], whole[name]["name"]
            warehouse.execute(f"create schema if not exists {schema}")
            warehouse.execute(f"create table {schema}.{table} (nothing int)")
    _list_news(settings)
    news = _compile(settings)
    return [_model(whole[name], news[name], frozenset(_streams(whole, name))) for name in chosen]


def connect(models):
    """Return a DuckDB in memory whose `landing` and `news` show what lands; see `land`."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("set TimeZone = 'UTC'; attach ':memory:' as warehouse; use warehouse")
    for schema in ("landing", "news", *{model.relation.split(".")[0] for model in models}):
        connection.execute(f"create schema {schema}")
    connection.execute(_LANDED)
    for source, stream in STREAMS:
        rows = f"from landed where source = '{source}' and stream = '{stream}' and night"
        for schema, compare in (("landing", "<="), ("news", "=")):
            connection.execute(
                f"create view {schema}.{source}__{stream} as select * exclude "
                f"(source, stream, night) {rows} {compare} getvariable('night')"
            )
    return connection


def land(connection, rows):
    """Make the columns of `rows` what lands, by night."""
    connection.register("rows", rows)
    connection.execute("truncate landed; insert into landed by name from rows")
    connection.execute("set variable night = (select max(night) from landed)")


def add_night(connection, models, night):
    """Tell the models that add news what landed in a night; the first finds no table."""
    connection.execute(f"set variable night = {night}")
    adding = [model for model in models if model.keys]
    if night == 0:
        _build(connection, adding)
    else:
        for model in adding:
            _add_news(connection, model)


def build_rest(connection, models):
    """Build the models that are built whole every night, from those that add news."""
    _build(connection, [model for model in models if not model.keys])


def build_all(connection, models):
    """Build every model from all that has landed."""
    _build(connection, models)


def _build(connection, models):
    for model in models:
        kind = "view" if model.is_view else "table"
        connection.execute(f"create or replace {kind} {model.relation} as {model.sql}")


def contents(connection, models):
    """Return what every table says, whatever the order of its rows."""
    tables = [model.relation for model in models if not model.is_view]
    return {name: sorted(map(repr, connection.sql(f"from {name}").fetchall())) for name in tables}


def _add_news(connection, model):
    if model.forgets:
        connection.execute(
            f"delete from {model.relation} where record_key in "
            f"(select record_key from {model.forgets})"
        )
    connection.execute(f"create or replace temp table added as {model.news_sql}")
    same = " and ".join(f"added.{key} = kept.{key}" for key in model.keys)
    connection.execute(f"delete from {model.relation} as kept using added where {same}")
    connection.execute(f"insert into {model.relation} by name from added")


def _model(whole, news, streams):
    config = news["config"]
    keys = config["unique_key"] if config["materialized"] == "incremental" else []
    hook = _HOOK.search("".join(hook["sql"] for hook in config["pre-hook"]))
    return Model(
        relation=f"{whole['schema']}.{whole['name']}",
        is_view=config["materialized"] == "view",
        sql=_in_memory(whole["compiled_code"]),
        news_sql=_in_memory(news["compiled_code"]),
        keys=tuple([keys] if isinstance(keys, str) else keys),
        forgets=f"news.{hook[1]}__{hook[2]}" if hook else "",
        streams=streams,
    )


def _in_memory(sql):
    landing = re.compile(
        r"read_parquet\(getvariable\('landing'\) \|\| '/(\w+)/(\w+)/day=\*/\*\.parquet'[^)]*\)"
    )
    news = re.compile(r"read_parquet\(\[\s*'NEWS/(\w+)/(\w+)'\s*\]\)")
    return news.sub(r"news.\1__\2", landing.sub(r"landing.\1__\2", sql))


def _that_read_landing(nodes):
    """Return, in order of building, models that read landing or judge what was read.

    All others read these, and are built whole every night.
    """
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    wanted = {
        name
        for name, node in models.items()
        if any(one.startswith("source.") for one in node["depends_on"]["nodes"])
        or node["name"].startswith("base_")
    } - {f"model.umlauf.{name}" for name in ("int_batches", "quarantine", "forecast_ledger")}
    ordered = []

    def visit(name):
        for needed in models[name]["depends_on"]["nodes"]:
            if needed in wanted:
                visit(needed)
        if name not in ordered:
            ordered.append(name)

    for name in sorted(wanted):
        visit(name)
    return ordered


def _streams(nodes, name):
    """Yield the streams that a model is told by, directly or by the models it reads."""
    for needed in nodes[name]["depends_on"]["nodes"]:
        if needed.startswith("source."):
            yield tuple(needed.split(".")[-2:])
        elif needed.startswith("model."):
            yield from _streams(nodes, needed)


def _list_news(settings):
    rows = [
        {"source": source, "stream": stream, "file": f"NEWS/{source}/{stream}"}
        for source, stream in STREAMS
    ]
    pq.write_table(pa.Table.from_pylist(rows), news_file(settings))


def _compile(settings, *arguments):
    target = settings.warehouse / "dbt"
    streams = {source.name: [stream.name for stream in source.streams] for source in all_sources()}
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("--no-use-colors", "compile", *arguments),
            *("--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT),
            *("--target-path", target, "--log-path", target),
            *("--vars", json.dumps({"streams": streams})),
        ],
        env=os.environ | dbt_environment(settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return json.loads((target / "manifest.json").read_text())["nodes"]
