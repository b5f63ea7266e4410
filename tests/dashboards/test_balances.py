"""What dbt declares to be a balance is never summed over days by a chart's metric."""

import duckdb
import pytest
import yaml
from sqlglot import exp, parse_one

from umlauf.dashboards.assets import read_dashboards
from umlauf.dashboards.check import columns_of_metric, marts_of
from umlauf.warehouse.dbt import DBT_PROJECT

# What comes out of one of them is none of two days' sum.
HARMLESS = (exp.Max, exp.Min, exp.Avg)


def balances():
    """Return by mart the columns that dbt's semantic models call balances, and their time."""
    found = {}
    for file in (DBT_PROJECT / "models" / "semantic").glob("*.yml"):
        for model in yaml.safe_load(file.read_text()).get("semantic_models", ()):
            times = {one["name"]: one.get("expr", one["name"]) for one in model["dimensions"]}
            for measure in model.get("measures", ()):
                if "non_additive_dimension" in measure:
                    time = times[measure["non_additive_dimension"]["name"]]
                    mart = model["model"].split("'")[1]
                    columns = columns_of_metric(str(measure["expr"])) - {
                        "days_overdue",
                        "week_number",
                    }
                    found.setdefault(mart, {}).update(dict.fromkeys(columns, time))
    return found


def metrics_of_balances():
    known = balances()
    for dashboard in read_dashboards():
        for dataset in dashboard.datasets():
            for mart in marts_of(dataset):
                mine = known.get(mart.split(".")[1], {})
                for name, sql in dataset.metrics.items():
                    for column in columns_of_metric(sql) & set(mine):
                        yield f"{dataset.name}.{name}", sql, column, mine[column]


CASES = sorted(set(metrics_of_balances()))


def test_there_are_balances_to_look_at():
    assert {name.split(".")[1] for name, *_ in CASES} >= {
        "cash_balance", "receivables", "payables", "stock_value", "open_pipeline", "velocity",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "sql", "column", "time"), CASES, ids=lambda text: text[:40])
def test_a_balance_is_summed_within_a_day_only(name, sql, column, time):
    def holds(sql):
        guard = f"CASE WHEN COUNT(DISTINCT {time}) = 1 THEN "
        tree = parse_one(sql, "postgres")
        around = [one.find_ancestor(exp.AggFunc) for one in tree.find_all(exp.Column)
                  if one.name == column]  # fmt: skip
        return sql.startswith(guard) or all(isinstance(one, HARMLESS) for one in around)

    assert holds(sql)


def test_of_two_days_a_balance_says_nothing_and_of_each_it_says_its_sum():
    (balance,) = {sql for name, sql, *_ in CASES if name == "fct_cash_daily.cash_balance"}
    rows = "(values (date '2026-03-01', 1), (date '2026-03-01', 2), (date '2026-03-02', 4))"
    query = f"select {balance} from {rows} as cash(day, closing_reporting)"

    assert duckdb.sql(query).fetchall() == [(None,)]
    assert duckdb.sql(f"{query} group by day order by day").fetchall() == [(3,), (4,)]


def test_every_big_number_of_balances_is_told_day_by_day():
    for dashboard in read_dashboards():
        for chart in dashboard.charts:
            metric = chart.params.get("metric")
            if chart.kind == "big_number_total" and dashboard.slug != "trust":
                guarded = "COUNT(DISTINCT" in chart.dataset.metrics[metric]
                assert not guarded or metric in ("two_day_promise", "expected_demand"), chart.title
