"""Does every column that a chart reads stand in the contract of its mart?

A contract that loses a column breaks charts that nobody has looked at since: so this names them
before anything is built (docs/how-to/dashboards.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlglot import exp, parse_one
from sqlglot.errors import ParseError

from umlauf.dashboards.assets import Chart, Dashboard, Dataset
from umlauf.errors import CheckFailed
from umlauf.warehouse.dbt import DBT_PROJECT

Columns = Mapping[str, frozenset[str]]  # of each mart (`pipeline.fct_deal`)

MARTS = DBT_PROJECT / "models" / "marts"
_MOST_NAMED = 10
# Where a chart names columns or metrics: alone, or in a list.
_NAMES = ("x_axis", "x_axis_sort", "metric", "timeseries_limit_metric")
_LISTS = ("groupby", "columns", "all_columns", "metrics", "metrics_b", "groupby_b")


def contract_columns(folder: Path = MARTS) -> dict[str, frozenset[str]]:
    """Return the columns that dbt's contracts promise, of each mart."""
    found = {}
    for file in sorted(folder.rglob("*.yml")):
        for model in yaml.load(file.read_text(), Loader=yaml.CSafeLoader)["models"]:
            names = frozenset(column["name"] for column in model["columns"])
            found[f"{file.parent.name}.{model['name']}"] = names
    return found


def check_columns(dashboards: list[Dashboard], contracts: Columns) -> int:
    """Check every chart and filter; return the number of charts.

    Raises:
        CheckFailed: names dashboard, chart, column and mart of the first ten that would break.
    """
    problems = [
        f"dashboard {dashboard.title!r}, {what}"
        for dashboard in dashboards
        for what in _problems(dashboard, contracts)
    ]
    if problems:
        more = len(problems) - _MOST_NAMED
        raise CheckFailed(
            "dashboards: "
            + "; ".join(problems[:_MOST_NAMED])
            + (f"; and {more} more" if more > 0 else "")
        )
    return sum(len(dashboard.charts) for dashboard in dashboards)


def marts_of(dataset: Dataset) -> list[str]:
    """Return the marts a dataset reads, as `schema.name`."""
    return sorted({_relation(table) for table in _select(dataset).find_all(exp.Table)})


def columns_of_metric(expression: str) -> set[str]:
    """Return the dataset's columns that a metric is made of."""
    return {column.name for column in parse_one(expression, "postgres").find_all(exp.Column)}


def _problems(dashboard: Dashboard, contracts: Columns) -> Iterator[str]:
    for chart in dashboard.charts:
        named = list(_named(chart))
        for label in [one["label"] for one in named if not isinstance(one, str)]:
            yield (
                f"chart {chart.title!r} ({chart.file}): {label!r} is SQL of its own; give it to "
                f"dataset {chart.dataset.name}, where it has a name and tests see it"
            )
        for name in sorted({one for one in named if isinstance(one, str)}):
            for fault in _faults(chart.dataset, name, contracts):
                yield f"chart {chart.title!r} ({chart.file}): {fault}"
    for title, column, dataset in dashboard.filters:
        for fault in _faults(dataset, column, contracts):
            yield f"filter {title!r}: {fault}"


def _named(chart: Chart) -> Iterator[Any]:
    """Yield the columns and metrics of its dataset that a chart names, and what it makes up."""
    params = chart.params
    yield from (params[key] for key in _NAMES if params.get(key))
    for key in _LISTS:
        yield from params.get(key) or ()
    for one in params.get("adhoc_filters") or ():
        yield one.get("subject") or {"label": one.get("sqlExpression")}
    yield from (json.loads(one)[0] for one in params.get("order_by_cols") or ())


def _faults(dataset: Dataset, name: str, contracts: Columns) -> Iterator[str]:
    if name in dataset.metrics:
        columns = columns_of_metric(dataset.metrics[name])
    elif name in dataset.columns:
        columns = {name}
    else:
        yield f"dataset {dataset.name} has neither a column nor a metric {name!r}"
        return
    made_of = _origins(dataset, contracts)
    for column in sorted(columns):
        if column not in made_of:
            yield f"column {column!r} is not in the query of dataset {dataset.name}"
        for mart, read in sorted(made_of.get(column, ())):
            if mart not in contracts:
                yield f"there is no mart {mart}, of which it reads {read!r}"
            elif read not in contracts[mart]:
                yield f"column {read!r} is not in the contract of {mart}"


def _origins(dataset: Dataset, contracts: Columns) -> dict[str, set[tuple[str, str]]]:
    """Return for each column of a dataset the marts' columns it needs, those of joins included."""
    select = _select(dataset)
    if not dataset.sql:
        mart = f"{dataset.schema}.{dataset.name}"
        return {name: {(mart, name)} for name in dataset.columns | contracts.get(mart, frozenset())}
    tables = {table.alias_or_name: _relation(table) for table in select.find_all(exp.Table)}
    outputs: dict[str, Any] = {one.alias_or_name: one for one in select.expressions}
    everywhere = {
        _origin(column, tables)
        for part in (*select.args.get("joins", ()), select.args.get("where"))
        if part is not None
        for column in part.find_all(exp.Column)
    }
    return {
        name: everywhere | {_origin(column, tables) for column in one.find_all(exp.Column)}
        for name, one in outputs.items()
    }


def _origin(column: exp.Column, tables: Mapping[str, str]) -> tuple[str, str]:
    table = column.table or next(iter(tables))
    return tables[table], column.name


def _select(dataset: Dataset) -> exp.Select:
    text = dataset.sql or f"select * from {dataset.schema}.{dataset.name}"
    try:
        select = parse_one(text, dialect="postgres")
    except ParseError as error:
        raise CheckFailed(f"dashboards: dataset {dataset.name} is no SQL: {error}") from error
    tables = list(select.find_all(exp.Table))
    named = all(column.table for column in select.find_all(exp.Column))
    if not isinstance(select, exp.Select) or (len(tables) > 1 and not named):
        raise CheckFailed(
            f"dashboards: dataset {dataset.name} must be one select over marts, which says of each "
            "column whose it is as soon as there are two"
        )
    return select


def _relation(table: exp.Table) -> str:
    return f"{table.db}.{table.name}"
