"""Each headline number is defined once, and says what it is."""

import json

import pytest

from umlauf.metrics.definitions import metric_table

pytestmark = pytest.mark.integration

HEADLINES = {
    "weighted_pipeline", "won_amount", "win_ratio", "velocity", "coverage",
    "stock_value", "days_of_supply", "otif", "two_day_promise",
    "cash_balance", "inflow", "outflow", "dso", "dio", "dpo", "ccc", "forecast_error",
}  # fmt: skip
OF_THE_PAGE = {
    "open_deals", "open_pipeline", "receivables", "overdue_receivables", "payables", "payables_due",
    "orders_due",
}  # fmt: skip
PARTS = {
    "month_end_open_deals", "deals_won_in_year", "deals_lost_in_year", "amount_won_in_year",
    "days_to_win_in_year", "opening_pipeline", "sales_target",
    "stock_units", "expected_demand", "places_promised", "places_judged",
    "purchase_lines_due", "purchase_lines_otif",
    "month_end_receivables", "invoiced_in_90_days", "month_end_stock_value",
    "cost_of_sales_in_90_days", "month_end_payables", "billed_in_90_days",
    "forecast_miss", "forecast_actual", "forecast_kinds",
}  # fmt: skip
ADDITIVE = {
    "won_amount", "inflow", "outflow", "orders_due", "purchase_lines_due", "purchase_lines_otif",
    "forecast_miss", "forecast_actual", "forecast_kinds",
}  # fmt: skip


@pytest.fixture(scope="module")
def stated(manifest):
    return json.loads(manifest)


@pytest.fixture(scope="module")
def measures(stated):
    return [measure for model in stated["semantic_models"] for measure in model["measures"]]


def test_dbt_reads_exactly_these_metrics(stated):
    # The newer form of YAML is ignored without a word.
    assert {metric["name"] for metric in stated["metrics"]} == HEADLINES | OF_THE_PAGE | PARTS
    assert len(stated["metrics"]) == len(HEADLINES | OF_THE_PAGE | PARTS)


def test_every_metric_says_what_it_is_and_in_which_unit(definitions):
    for metric in metric_table(definitions).to_pylist():
        assert metric["unit"], metric["metric"]
        assert len(metric["says"].partition(": ")[2]) > 20, metric["metric"]


def test_all_that_is_not_additive_is_declared_so(measures):
    additive = {one["name"] for one in measures if not one["non_additive_dimension"]}

    assert additive == ADDITIVE


def test_what_keeps_its_last_level_is_grouped_by_what_keeps_it(measures):
    grouped = {
        one["name"]: set(one["non_additive_dimension"]["window_groupings"])
        for one in measures
        if one["non_additive_dimension"] and one["non_additive_dimension"]["window_groupings"]
    }

    assert grouped == {
        "cash_balance": {"bank_account"},
        "stock_value": {"product", "warehouse"},
        "stock_units": {"product", "warehouse"},
    }


def test_no_ratio_is_averaged(measures):
    assert {one["agg"] for one in measures} == {"sum", "count_distinct"}


def test_a_ratio_divides_sums_and_is_a_decimal(stated):
    derived = [one for one in stated["metrics"] if one["type"] == "derived"]

    assert {one["type"] for one in stated["metrics"]} == {"simple", "derived"}
    assert len(derived) == 11
    assert [
        one["name"] for one in derived if "as decimal(18, " not in one["type_params"]["expr"]
    ] == []


def test_a_dimension_has_one_shortest_way(definitions):
    for metric in definitions.metrics:
        paths = definitions.paths([metric.name])
        for name, path in definitions.dimensions([metric.name]).items():
            rivals = [one for one in paths if one.endswith(f"__{name}") and one != path]
            assert all(one.count("__") > path.count("__") for one in rivals), (metric.name, rivals)


def test_days_come_from_the_calendar_there_is(stated):
    (spine,) = stated["project_configuration"]["time_spines"]

    assert spine["node_relation"]["relation_name"] == '"core"."dim_date"'


def test_metrics_read_marts_alone(stated):
    read = {model["node_relation"]["schema_name"] for model in stated["semantic_models"]}

    assert read == {"core", "pipeline", "inventory", "cash_flow", "trust"}
