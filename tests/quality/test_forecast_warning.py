"""An interval that should hold four of five is called timid or bold only by forecasts enough."""

from functools import cache
from math import sqrt

import duckdb
import pytest

from umlauf.quality.suites import load_suites

COLUMNS = "forecast, evidence, horizon, forecasts, interval_coverage_ratio"
Z = 3


@cache
def warning():
    """Return the query behind the warning, as the gate asks it."""
    (query,) = (
        one["kwargs"]["unexpected_rows_query"]
        for suite in load_suites()
        for one in suite.content["expectations"]
        if suite.name == "marts.forecast_score" and one["severity"] == "warning"
        if "interval_coverage_ratio" in str(one["kwargs"])
    )
    return query


def is_warned(forecasts, covered):
    ratio = f"cast({covered / forecasts} as decimal(18, 6))"
    rows = f"(select 'cash' , 'backtest', 1, {forecasts}, {ratio}) as scores({COLUMNS})"
    return bool(duckdb.execute(warning().replace("{batch}", rows)).fetchall())


def wilson(forecasts, covered):
    """Return the bounds of Wilson's interval for a share: what it may be in truth."""
    share, weight = covered / forecasts, Z**2 / forecasts
    middle = share + weight / 2
    half = Z * sqrt(share * (1 - share) / forecasts + weight / forecasts / 4)
    return (middle - half) / (1 + weight), (middle + half) / (1 + weight)


@pytest.mark.parametrize("forecasts", [20, 26, 52, 100, 400, 5000])
def test_the_warning_comes_where_wilsons_interval_has_left_the_tolerated_shares(forecasts):
    for covered in range(0, forecasts + 1, max(1, forecasts // 50)):
        low, high = wilson(forecasts, covered)

        assert is_warned(forecasts, covered) == (low > 0.9 or high < 0.7), covered


def test_few_forecasts_say_little_and_many_say_it():
    assert not is_warned(26, 26 * 6 // 10)
    assert is_warned(1000, 600)
    assert not is_warned(60, 60)
    assert is_warned(120, 120)
    assert not is_warned(5000, 4000)


def test_fewer_than_twenty_are_not_judged():
    assert not is_warned(19, 0)
    assert is_warned(20, 0)
