"""A question to metrics, compiled to SQL that reads the snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

from umlauf.errors import ConfigError
from umlauf.metrics.definitions import Definitions, nearest
from umlauf.metrics.question import Question, check_periods


def compile_sql(definitions: Definitions, question: Question) -> str:
    """Return a query whose columns are the period (its first day), the dimensions, the metrics.

    Raises:
        ConfigError: there is no such metric or dimension, or a period would be cut.
    """
    definitions.check_names(question.metrics)
    check_periods(question, definitions.grain(question.metrics))
    groups = dict(_groups(definitions, question))
    asked = MetricFlowQueryRequest.create(
        metric_names=question.metrics,
        group_by_names=list(groups.values()),
        time_constraint_start=_midnight(question.first),
        time_constraint_end=_midnight(question.last),
    )
    found = definitions.engine.explain(asked).sql_statement.without_descriptions.sql
    columns = [
        f"cast({path} as date) as {name}" if name == question.grain else f"{path} as {name}"
        for name, path in groups.items()
    ]
    selected = ",\n    ".join((*columns, *question.metrics))
    ordered = f"\norder by {', '.join(groups)}" if groups else ""
    return f"select\n    {selected}\nfrom (\n{found}\n) as asked{ordered}"


def _groups(definitions: Definitions, question: Question) -> Iterator[tuple[str, str]]:
    """Yield the column of each group and MetricFlow's name of it."""
    if question.grain:
        yield question.grain, f"metric_time__{question.grain}"
    known = definitions.dimensions(question.metrics)
    for name in question.by:
        if name not in known:
            raise ConfigError(
                f"metrics: {', '.join(question.metrics)} by {name!r}: known by "
                f"{', '.join(sorted(known)) or 'no dimension'} alone; {nearest(name, known)}"
            )
        yield name, known[name]


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time()) if day else None
