"""A dashboard's metric that has the name of a dbt metric says what that says: to the cent.

Here its SQL is asked of the snapshot; tests/truth/test_superset_truth.py asks Superset itself.
"""

import re

import pytest

from umlauf.dashboards.assets import read_dashboards
from umlauf.metrics.compile import compile_sql
from umlauf.metrics.definitions import metric_table
from umlauf.metrics.question import Question

pytestmark = pytest.mark.integration

DATASETS = {
    dataset.name: dataset for page in read_dashboards() for dataset in page.datasets()
}  # fmt: skip


@pytest.fixture(scope="module")
def names(definitions):
    return {row["metric"] for row in metric_table(definitions).to_pylist()}


def last_value(snapshot, dataset, metric):
    """Ask a dataset's metric; one that speaks of one day, or month, is asked for the last."""
    rows = f"({dataset.sql})" if dataset.sql else f"{dataset.schema}.{dataset.name}"
    sql = dataset.metrics[metric]
    time = re.match(r"CASE WHEN COUNT\(DISTINCT (\w+)\) = 1", sql)
    last = f"group by {time[1]} order by {time[1]} desc limit 1" if time else ""
    return snapshot.execute(f"select {sql} from {rows} as dataset {last}").fetchone()[0]


def test_a_metric_says_what_its_namesake_says(snapshot, definitions, names):
    compared = {}
    for dataset in DATASETS.values():
        for metric in names & set(dataset.metrics) - {"forecast_error"}:
            sql = compile_sql(definitions, Question(metrics=(metric,)))
            ((known,),) = snapshot.execute(sql).fetchall()
            compared[metric] = (last_value(snapshot, dataset, metric), known)

    # Ratios are decimals in PostgreSQL; DuckDB divides in doubles and rounds to the same digits.
    assert {name: f"{ours:.4f}" for name, (ours, _) in compared.items()} == {
        name: f"{known:.4f}" for name, (_, known) in compared.items()
    }
    assert len(compared) >= 24


def test_forecast_errors_are_those_of_each_forecast(snapshot, definitions):
    question = Question(metrics=("forecast_error",), by=("forecast", "evidence"))
    dataset = DATASETS["forecast_score"]
    query = f"select forecast, evidence, {dataset.metrics['forecast_error']}"

    found = snapshot.execute(f"{query} from ({dataset.sql}) as dataset group by all").fetchall()
    known = snapshot.execute(compile_sql(definitions, question)).fetchall()

    assert sorted((*name, f"{ratio:.4f}") for *name, ratio in found) == sorted(
        (*name, f"{ratio:.4f}") for *name, ratio in known
    )
    assert found


def test_every_headline_number_of_the_business_is_a_dbt_metric(names):
    headlines = {
        chart.params["metric"]
        for page in read_dashboards()
        if page.slug != "trust"  # which counts rows and figures
        for chart in page.charts
        if chart.kind.startswith("big_number")
    }

    assert headlines <= names
    assert len(headlines) == 18
