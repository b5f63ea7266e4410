"""`umlauf backtest` on the landed company: which weeks it scores, and that it leaves no trace."""

from datetime import timedelta

import pytest

from tests.truth.conftest import END
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.backtest import backtest

pytestmark = pytest.mark.integration

WEEKS = 4


def test_a_backtest_scores_the_last_weeks_and_leaves_the_warehouse_as_it_was(company):
    settings = load_settings(home=company.home)
    written = settings.warehouse_file.stat().st_mtime_ns

    scores = backtest(settings, all_sources(), WEEKS)

    assert {score.forecast for score in scores} == {
        "cash at the end of a week",
        "cash flow of a week",
        "demand of a week",
        "demand of four weeks",
        "pipeline won in a month",
    }
    assert min(score.first_forecast_date for score in scores) == END - timedelta(weeks=WEEKS)
    assert max(score.last_forecast_date for score in scores) == END - timedelta(weeks=1)
    # Of the four weeks' origins as many are over as have had time to.
    weekly = [score for score in scores if score.forecast == "cash at the end of a week"]
    assert {score.horizon: score.forecasts for score in weekly} == {1: 4, 2: 3, 3: 2, 4: 1}
    assert settings.warehouse_file.stat().st_mtime_ns == written
    assert list(settings.home.rglob("*.duckdb")) == [settings.warehouse_file]
