"""Metrics against the company's own diary, the morning page and the marts: to the cent."""

import shutil
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import duckdb
import pytest

from umlauf.landing.own_records import CHECKS
from umlauf.metrics.compile import compile_sql
from umlauf.metrics.definitions import metric_table
from umlauf.metrics.question import Question, period
from umlauf.report.figures import read_figures
from umlauf.report.totals import headline
from umlauf.sandbox.clock import read_clock
from umlauf.sandbox.journal import Diary
from umlauf.sandbox.truth.rates import euro_converter

pytestmark = pytest.mark.integration

AS_OF = date(2026, 11, 20)
# Today, a month's end, a weekend, a day on which little was known yet.
DAYS = [AS_OF, date(2026, 10, 31), date(2026, 8, 16), date(2025, 6, 30)]
# Those of the morning page, by its name of each; flows are of 30 days.
PAGE = {
    "deals": "open_deals", "open": "open_pipeline", "weighted": "weighted_pipeline",
    "cash": "cash_balance", "stock": "stock_value", "receivables": "receivables",
    "overdue": "overdue_receivables", "payables_due": "payables_due",
}  # fmt: skip
FLOWS = {"inflow": "inflow", "outflow": "outflow"}
ADDS_UP = [
    "won_amount", "open_pipeline", "weighted_pipeline", "open_deals", "stock_value", "cash_balance",
    "inflow", "outflow", "receivables", "payables", "orders_due", "purchase_lines_due",
    "places_judged", "amount_won_in_year", "sales_target",
]  # fmt: skip


@pytest.fixture(scope="module")
def ask(snapshot, definitions):
    """Return a function that answers a question to metrics, as rows."""

    def answer(*metrics, **asked):
        sql = compile_sql(definitions, Question(metrics=metrics, **asked))
        return snapshot.execute(sql).fetchall()

    return answer


@pytest.fixture(scope="module")
def euros(company):
    """Return a function of an amount, its currency and day, told from the company's diary."""
    convert = euro_converter(
        Diary(company.home, round(read_clock(company.home).timestamp() * 1000))
    )

    def to_euros(amount, currency, day):
        return Decimal(convert(int(amount * 100), currency, day.toordinal())) / 100

    return to_euros


@pytest.fixture(scope="module")
def cash(company, euros):
    """Return per day what all accounts closed with, took in and gave out, in euros."""
    days = defaultdict(lambda: [Decimal(), Decimal(), Decimal()])
    for currency, day, *amounts in company.rows(
        "select currency_code, day, closing, inflow, outflow from truth.cash_daily as cash"
    ):
        for place, amount in enumerate(amounts):
            days[day][place] += euros(amount, currency, day)
    return days


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_cash_is_what_the_company_has(cash, ask, day):
    assert ask("cash_balance", last=day) == [(cash[day][0],)]
    assert ask("inflow", "outflow", first=day, last=day) == [tuple(cash[day][1:])]


@pytest.mark.parametrize("grain", ["month", "quarter"])
def test_a_period_has_its_last_balance_and_all_of_its_flows(cash, ask, grain):
    found = {row[0]: row[1:] for row in ask("cash_balance", "inflow", "outflow", grain=grain)}

    known = {}
    for begin, group in groupby(sorted(cash), lambda day: period(day, grain)[0]):
        days = [cash[day] for day in group]
        known[begin] = (days[-1][0], sum(day[1] for day in days), sum(day[2] for day in days))
    assert found == known
    assert len(known) > 6


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_stock_is_worth_what_the_company_says(company, ask, day):
    ((known,),) = company.rows(
        f"select sum(value) from truth.stock_daily as stock where day = date '{day}'"
    )

    assert ask("stock_value", last=day) == [(known,)]


def test_what_was_won_in_each_month_is_what_was_won(company, ask):
    known = company.rows("""
        select month, sum(won_month) as won from truth.sales_velocity as velocity
        group by month having won > 0 order by month
    """)

    assert ask("won_amount", grain="month") == known
    assert len(known) > 12


def test_the_page_and_the_metrics_say_the_same(snapshot_file, tmp_path, ask):
    # The page also tells of checks, and none has judged this build.
    file = shutil.copy(snapshot_file, tmp_path / "marts.duckdb")
    with duckdb.connect(file) as connection:
        nobody = "(select '{}'::json as payload, now() as fetched_at limit 0)"
        connection.execute(f"create table trust.quality_result as {CHECKS.format(records=nobody)}")
    figures = read_figures(file)
    page = headline(figures)

    told = dict(zip(PAGE, ask(*PAGE.values())[0], strict=True))
    month = {"first": AS_OF - timedelta(days=29), "last": AS_OF}
    told |= dict(zip(FLOWS, ask(*FLOWS.values(), **month)[0], strict=True))
    ((told["orders_due"],),) = ask("orders_due", last=AS_OF + timedelta(days=7))

    assert told == {name: page[name] for name in told}
    assert ask("places_promised") == [(figures["promise"][0]["kept"],)]
    # Besides these the page has changes alone.
    assert {name for name in page if not name.endswith("_change")} == set(told)


def test_velocity_and_win_ratio_of_all_are_made_of_sums(company, ask):
    known = {
        month: (ratio(won, won + lost, 4), ratio(deals * amount * won, (won + lost) * days, 2))
        for month, deals, won, lost, amount, days in company.rows("""
            select month, sum(open_deals)::bigint, sum(won_deals)::bigint, sum(lost_deals)::bigint,
                sum(won_year), sum(won_days)::bigint
            from truth.sales_velocity as velocity
            group by month
        """)
    }

    found = {row[0]: row[1:] for row in ask("win_ratio", "velocity", grain="month")}

    assert found == known
    assert sum(None not in row for row in known.values()) > 12


def ratio(part, whole, digits):
    return round(Decimal(part) / whole, digits) if whole else None


@pytest.mark.parametrize(
    ("asked", "mart"),
    [
        (
            Question(
                metrics=("velocity", "win_ratio", "coverage"), grain="month",
                by=("owner_id", "segment"),
            ),
            "month_start_date, nullif(owner_id, 'none'), segment, velocity_reporting, win_ratio, "
            "coverage_ratio from pipeline.agg_sales_velocity",
        ),
        (
            Question(metrics=("dso", "dio", "dpo", "ccc"), grain="month"),
            "month_start_date, dso_days, dio_days, dpo_days, cash_conversion_cycle_days "
            "from cash_flow.fct_working_capital",
        ),
        (
            Question(metrics=("otif",), grain="month", by=("supplier_id",)),
            "month_start_date, supplier_id, otif_ratio from inventory.agg_supplier_scorecard",
        ),
        (
            Question(metrics=("forecast_error",), by=("forecast", "evidence", "horizon")),
            "forecast, evidence, horizon, wape_ratio from trust.forecast_score",
        ),
        (
            Question(metrics=("two_day_promise",), last=AS_OF),
            "round(count(*) filter (where is_promised) / count(is_promised), 4)::decimal(18, 4) "
            "from inventory.fct_two_day_promise",
        ),
        (
            Question(metrics=("days_of_supply",), by=("product_id",), last=AS_OF),
            "product_id, round(28 * units / nullif(demand, 0), 2)::decimal(18, 2) from ("
            "select product_id, sum(on_hand_units) as units from inventory.fct_stock_daily "
            f"where day = date '{AS_OF}' group by product_id) full join ("
            "select product_id, sum(expected_units) as demand from inventory.fct_demand_forecast "
            "where week_number <= 4 group by product_id) using (product_id)",
        ),
    ],
    ids=lambda value: value.metrics[0] if isinstance(value, Question) else "",
)  # fmt: skip
def test_a_metric_says_what_the_mart_says_in_each_of_its_rows(snapshot, definitions, asked, mart):
    found = snapshot.execute(compile_sql(definitions, asked)).fetchall()
    known = snapshot.execute(f"select {mart}").fetchall()

    assert sorted(found, key=str) == sorted(known, key=str)
    assert known


def test_forecasts_of_different_kinds_are_never_mixed(snapshot, ask):
    known = snapshot.execute("""
        select forecast, evidence, round(sum(missed) / sum(actual), 4)::decimal(18, 4)
        from trust.forecast_score group by all order by all
    """).fetchall()

    assert ask("forecast_error") == [(None,)]
    assert {row[1] for row in ask("forecast_error", by=("evidence",))} == {None}
    assert ask("forecast_error", by=("forecast", "evidence")) == known


@pytest.mark.parametrize("name", ADDS_UP)
def test_the_parts_of_each_dimension_add_up_to_the_whole(definitions, ask, name):
    ((whole,),) = ask(name)

    for dimension in definitions.dimensions([name]):
        assert sum(row[1] or 0 for row in ask(name, by=(dimension,))) == whole, dimension


def test_every_metric_is_a_decimal_or_counts(snapshot, definitions):
    for metric in metric_table(definitions).to_pylist():
        sql = compile_sql(definitions, Question(metrics=(metric["metric"],)))
        ((_, kind, *_),) = snapshot.execute(f"describe {sql}").fetchall()

        assert kind.startswith("DECIMAL") or kind in ("HUGEINT", "BIGINT"), metric["metric"]


def test_every_headline_says_something(snapshot, definitions, ask):
    silent = {
        metric["metric"]
        for metric in metric_table(definitions).to_pylist()
        if ask(metric["metric"]) == [(None,)]
    }

    assert silent <= {"forecast_error"}
