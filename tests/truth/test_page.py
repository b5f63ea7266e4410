"""The morning page of a whole company, as its reader gets it."""

import statistics

import pytest

from tests.report.browser import CHROMIUM, Browser
from umlauf.landing.run import utc_now
from umlauf.report.page import write_report
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

TIMES = 5


@pytest.fixture(scope="module")
def page(published):
    return write_report(load_settings(home=published), at=utc_now())


def test_the_page_stays_under_3_mb(page):
    assert page.stat().st_size < 3_000_000


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_page_is_drawn_within_a_second(page, tmp_path):
    browser = Browser(tmp_path)
    try:
        seconds = [browser.cpu_seconds_to_open(page, 1280) for _ in range(TIMES)]
    finally:
        browser.close()

    assert min(seconds) > 0.01  # the work was counted at all
    assert statistics.median(seconds) < 1, seconds
