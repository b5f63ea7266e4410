"""The morning page of a whole company, as its reader gets it."""

import os
import shutil
import statistics

import pytest

from tests.report.browser import CHROMIUM, Browser
from umlauf.landing.run import utc_now
from umlauf.publish.snapshot import publish_build
from umlauf.quality.gate import check_build
from umlauf.report.page import write_report
from umlauf.settings import load_settings
from umlauf.warehouse.build import standing_build_id

pytestmark = pytest.mark.integration

TIMES = 5


@pytest.fixture(scope="module")
def page(company, tmp_path_factory):
    """The page of a home of the company's files, where its build is checked and published."""
    home = tmp_path_factory.mktemp("published") / "var"
    for folder in ("landing", "warehouse"):
        shutil.copytree(company.home / folder, home / folder, copy_function=os.link)
    settings = load_settings(home=home)
    build_id = standing_build_id(settings)
    check_build(settings, build_id, at=utc_now())
    publish_build(settings, build_id, at=utc_now())
    return write_report(settings, at=utc_now())


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
