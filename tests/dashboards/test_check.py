"""A mart that loses a column names every chart that reads it."""

import dataclasses

import pytest

from umlauf.dashboards.assets import Dataset, read_dashboards
from umlauf.dashboards.check import MARTS, check_columns, contract_columns, marts_of
from umlauf.errors import CheckFailed

# A column behind a metric, one of a join's condition, one shown, one offered by a filter.
READ = [
    ("pipeline.fct_pipeline_daily", "amount_reporting", "Pipeline", "Open pipeline"),
    ("core.dim_product", "product_id", "Inventory", "Stock value"),
    ("cash_flow.agg_payment_behaviour", "days_late_p90", "Cash flow", "Who pays late"),
    ("trust.ledger", "rows_difference", "Trust", "Rows lost"),
    ("cash_flow.fct_cash_forecast", "week_to_date", "Cash flow", "Cash of the coming 13 weeks"),
    ("inventory.fct_replenishment", "exception_rank", "Inventory", "What to order"),
]


@pytest.fixture(scope="module")
def dashboards():
    return read_dashboards()


@pytest.fixture(scope="module")
def contracts():
    return contract_columns()


def test_every_chart_reads_what_its_marts_promise(dashboards, contracts):
    assert check_columns(dashboards, contracts) == sum(len(one.charts) for one in dashboards)


@pytest.mark.parametrize(("mart", "column", "dashboard", "chart"), READ)
def test_a_column_that_goes_names_dashboard_chart_column_and_mart(
    dashboards, contracts, mart, column, dashboard, chart
):
    broken = contracts | {mart: contracts[mart] - {column}}

    with pytest.raises(CheckFailed) as told:
        check_columns(dashboards, broken)

    (line, *_) = [part for part in str(told.value).split("; ") if f"chart '{chart}" in part]
    assert f"dashboard '{dashboard}'" in line
    assert f"column '{column}' is not in the contract of {mart}" in line


def test_a_column_renamed_in_the_model_s_own_yaml_is_seen(dashboards, tmp_path):
    for file in MARTS.rglob("*.yml"):
        copy = tmp_path / file.parent.name / file.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(file.read_text())
    file = tmp_path / "cash_flow" / "fct_cash_daily.yml"
    file.write_text(file.read_text().replace("closing_reporting", "closing_balance_reporting"))

    with pytest.raises(CheckFailed, match=r"'closing_reporting' is not in .*fct_cash_daily"):
        check_columns(dashboards, contract_columns(tmp_path))


def test_a_column_of_a_filter_names_the_filter(dashboards, contracts):
    (trust,) = [one for one in dashboards if one.slug == "trust"]
    alone = dataclasses.replace(trust, charts=())

    with pytest.raises(CheckFailed, match=r"dashboard 'Trust', filter 'Source': .*'source'"):
        check_columns([alone], contracts | {"trust.ledger": frozenset()})


def test_a_mart_that_goes_is_named(dashboards, contracts):
    left = {mart: columns for mart, columns in contracts.items() if mart != "trust.parity"}

    with pytest.raises(CheckFailed, match=r"chart 'Unexplained' .*there is no mart trust\.parity"):
        check_columns(dashboards, left)


def test_a_metric_that_the_dataset_lacks_is_named(dashboards, contracts):
    page = dashboards[0]
    chart = dataclasses.replace(page.charts[0], params={"metric": "wealth"})

    with pytest.raises(CheckFailed, match="has neither a column nor a metric 'wealth'"):
        check_columns([dataclasses.replace(page, charts=(chart,))], contracts)


@pytest.mark.parametrize(
    "params",
    [
        {"metrics": [{"label": "SUM(closing_reporting)", "aggregate": "SUM"}]},
        {"groupby": [{"label": "SUM(closing_reporting)", "sqlExpression": "a || b"}]},
        {"adhoc_filters": [{"sqlExpression": "SUM(closing_reporting)", "clause": "WHERE"}]},
    ],
    ids=lambda params: next(iter(params)),
)
def test_sql_of_a_chart_s_own_is_refused_for_no_test_sees_it(dashboards, contracts, params):
    page = dashboards[0]
    chart = dataclasses.replace(page.charts[0], params=params)

    with pytest.raises(CheckFailed, match=r"'SUM\(closing_reporting\)' is SQL of its own"):
        check_columns([dataclasses.replace(page, charts=(chart,))], contracts)


def test_a_query_that_does_not_say_whose_a_column_is_is_refused():
    sql = "select day from a.one join a.two on one.id = two.id"
    dataset = Dataset(name="two", schema="a", sql=sql, columns=frozenset({"day"}), metrics={})

    with pytest.raises(CheckFailed, match="dataset two must be one select over marts"):
        marts_of(dataset)
