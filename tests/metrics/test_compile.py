"""Questions that are answered, and those that are refused because the answer would mislead."""

from datetime import date
from decimal import Decimal

import pytest

from umlauf.errors import ConfigError
from umlauf.metrics.compile import compile_sql
from umlauf.metrics.question import Question, check_periods, period

integration = pytest.mark.integration


@pytest.fixture
def deals(snapshot):
    snapshot.execute("""
        create table pipeline.fct_deal as
        select
            deal_id, customer_id, owner_id, segment, closed_date, is_won,
            cast(a as decimal(18, 2)) as amount_reporting
        from (values
            ('d1', 'c1', 'ann', 'commercial', date '2026-01-31', true, 100.10),
            ('d2', 'c2', 'ann', 'public_sector', date '2026-02-01', true, 0.20),
            ('d3', 'c1', null, 'commercial', date '2026-02-01', true, 7),
            ('d4', 'c1', 'bob', 'commercial', date '2026-02-02', false, 5000),
            ('d5', 'c3', 'bob', 'commercial', null, false, 9000)
        ) as t(deal_id, customer_id, owner_id, segment, closed_date, is_won, a)
    """)
    snapshot.execute("""
        create table core.dim_customer as
        select customer_id, 'X' as customer_name, country as country_name, null as erp_partner_id
        from (values ('c1', 'DE'), ('c2', 'AT')) as t(customer_id, country)
    """)


@integration
def test_a_dimension_of_another_mart_is_joined_by_its_key(deals, ask):
    assert ask("won_amount", by=("country_name", "segment")) == [
        ("AT", "public_sector", Decimal("0.20")),
        ("DE", "commercial", Decimal("107.10")),
    ]


@integration
def test_only_what_has_a_day_is_told_by_period(deals, ask):
    assert ask("won_amount", grain="month") == [
        (date(2026, 1, 1), Decimal("100.10")),
        (date(2026, 2, 1), Decimal("7.20")),
    ]


@integration
def test_both_days_belong_to_what_is_asked(deals, ask):
    january, february = date(2026, 1, 31), date(2026, 2, 1)

    assert ask("won_amount", first=february) == [(Decimal("7.20"),)]
    assert ask("won_amount", last=january) == [(Decimal("100.10"),)]
    assert ask("won_amount", first=january, last=february) == [(Decimal("107.30"),)]


@integration
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"metrics": ("won_amuont",)}, "no metric 'won_amuont'; nearest: won_amount"),
        ({"metrics": ("won_amount",), "by": ("segmnt",)}, "by 'segmnt': .*nearest: segment"),
        (
            {"metrics": ("dso",), "by": ("segment",)},
            "dso by 'segment': known by no dimension alone",
        ),
        ({"metrics": ("dso",), "grain": "week"}, "dso by week: known by month, quarter, year"),
        ({"metrics": ("dso", "won_amount"), "last": date(2026, 2, 10)}, "2026-02-01 to 2026-02-28"),
    ],
    ids=["metric", "dimension", "no dimension", "grain", "cut"],
)
def test_what_cannot_be_told_is_refused_and_the_nearest_named(definitions, asked, message):
    with pytest.raises(ConfigError, match=message):
        compile_sql(definitions, Question(**asked))


@integration
@pytest.mark.parametrize(
    "name", ["won_amount", "ccc", "velocity", "forecast_error", "two_day_promise"]
)
def test_the_sql_can_be_pasted_anywhere(definitions, name):
    sql = compile_sql(definitions, Question(metrics=(name,)))

    assert "warehouse" not in sql
    assert "--" not in sql
    assert "double" not in sql.lower()


@pytest.mark.parametrize(
    ("day", "grain", "begin", "end"),
    [
        ("2026-03-31", "day", "2026-03-31", "2026-03-31"),
        ("2026-03-01", "week", "2026-02-23", "2026-03-01"),
        ("2028-02-10", "month", "2028-02-01", "2028-02-29"),
        ("2026-12-31", "quarter", "2026-10-01", "2026-12-31"),
        ("2026-01-01", "year", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(day, grain, begin, end):
    assert period(date.fromisoformat(day), grain) == (
        date.fromisoformat(begin),
        date.fromisoformat(end),
    )


@pytest.mark.parametrize(
    ("grain", "first", "last", "is_refused"),
    [
        (None, "2026-02-10", "2026-02-10", False),
        ("day", "2026-02-10", "2026-02-10", False),
        ("week", "2026-02-09", "2026-02-15", False),
        ("week", "2026-02-10", "2026-02-15", True),
        ("month", "2026-02-01", "2026-02-28", False),
        ("month", "2026-02-02", "2026-02-28", True),
        ("month", "2026-02-01", "2026-02-27", True),
        ("year", "2026-02-01", None, True),
    ],
)
def test_a_period_is_not_cut(grain, first, last, is_refused):
    days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last) if last else None}
    question = Question(metrics=("inflow",), grain=grain, **days)

    if is_refused:
        with pytest.raises(ConfigError, match=f"inside a {grain}"):
            check_periods(question, "day")
    else:
        check_periods(question, "day")
