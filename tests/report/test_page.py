import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.report.browser import CHROMIUM, Browser
from tests.report.tiny_marts import land_all, write_marts
from umlauf.errors import ConfigError
from umlauf.report.page import write_report
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

AT = datetime(2026, 4, 1, 4, tzinfo=UTC)

HOSTILE = "</script><b onmouseover=alert(1)>x</b><img src=//evil.example/x onerror=alert(2)>"
_NAMED = f"'{HOSTILE}'"
_LONG = "'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'"
AXE = Path(find_spec("axe_playwright_python").origin).with_name("axe.min.js")
browser_only = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    settings = load_settings(home=tmp_path_factory.mktemp("page") / "var")
    write_marts(
        settings.marts_file,
        f"update pipeline.fct_deal set deal_name = {_NAMED}",
        f"update core.dim_deal_stage set stage_name = {_NAMED} where stage_id = 's1'",
        f"update core.dim_product set product_name = {_LONG}",
        f"update trust.quarantine set reason = {_NAMED}",
        f"update trust.quality_result set message = {_NAMED} where not is_passed",
    )
    return write_report(settings, at=AT)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


class Outline(HTMLParser):
    """Collects tags, the addresses they load, and the text a reader sees."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.loads, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [value for name, value in attrs if name in ("src", "href", "srcset")]

    def handle_data(self, data):
        self.texts.append(data)


def test_on_a_good_morning_the_sentences_at_the_top_do_not_run_into_each_other(tmp_path):
    settings = load_settings(home=tmp_path / "var")
    land_all(settings, date(2026, 3, 31))
    write_marts(
        settings.marts_file,
        "update trust.freshness set is_behind = false",
        "update trust.quality_result set is_passed = true",
    )

    header = re.search("<header>.*</header>", write_report(settings, at=AT).read_text(), re.DOTALL)

    said = " ".join("".join(Outline(header[0]).texts).split())
    assert said.endswith("All sources are up to date. Every check held.")


def test_names_are_shown_as_text_whatever_they_contain(page):
    outline = Outline(page.read_text())

    assert not {"img", "b onmouseover"} & set(outline.tags)
    assert outline.tags.count("script") == 3
    assert any(HOSTILE in text for text in outline.texts)


def test_the_page_loads_nothing_and_forbids_itself_to(page):
    text = page.read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]

    loads = [load for load in Outline(text).loads if not load.startswith(("#", "data:"))]
    assert loads == ["index.de.html"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1]


def test_the_page_stays_under_3_mb(page):
    assert page.stat().st_size < 3_000_000


def test_a_second_page_replaces_the_first_and_leaves_nothing_beside_it(page):
    settings = load_settings(home=page.parent.parent)
    before = page.stat().st_ino

    assert write_report(settings, at=AT).stat().st_ino != before
    names = sorted(file.name for file in page.parent.iterdir())
    assert names == ["index.de.html", "index.html", "operations.html"]


def test_without_a_snapshot_the_page_says_what_to_do(settings):
    with pytest.raises(ConfigError, match="nothing is published yet; run `umlauf nightly`"):
        write_report(settings, at=AT)


def test_a_build_that_was_not_checked_says_so(settings):
    write_marts(settings.marts_file, "delete from trust.quality_result")

    assert "This build was not checked." in write_report(settings, at=AT).read_text()


def test_data_docs_are_linked_where_there_are_some(settings):
    write_marts(settings.marts_file)
    without = write_report(settings, at=AT).read_text()
    (settings.reports / "data_docs").mkdir()
    (settings.reports / "data_docs" / "index.html").touch()

    assert "data_docs/index.html" not in without
    assert 'href="data_docs/index.html"' in write_report(settings, at=AT).read_text()


def test_a_company_without_any_data_yet_gets_a_page(settings):
    tables = """pipeline.fct_pipeline_daily cash_flow.fct_cash_daily inventory.fct_stock_daily
        cash_flow.fct_cash_forecast inventory.fct_two_day_promise inventory.fct_replenishment
        pipeline.fct_deal cash_flow.fct_receivable_daily"""
    write_marts(settings.marts_file, *(f"delete from {table}" for table in tables.split()))

    assert "No account has a statement yet." in write_report(settings, at=AT).read_text()


def test_a_company_whose_forecasts_have_no_band_yet_gets_a_page(settings):
    """Nobody can say how far they miss: in the first weeks, and without a bank."""
    write_marts(
        settings.marts_file,
        "update cash_flow.fct_cash_forecast "
        "set p10_closing_reporting = null, p90_closing_reporting = null",
    )

    text = write_report(settings, at=AT).read_text()

    assert "Lowest cash" not in text
    assert "Cash in the next 2 weeks" in text
    assert "no band yet" in text
    assert "eight in ten" not in text


def test_the_pages_of_one_of_several_companies_say_whose_they_are(settings):
    write_marts(settings.marts_file)
    write_report(settings.model_copy(update={"tenant": "acme"}), at=AT)

    for name in ("index.html", "index.de.html", "operations.html"):
        text = (settings.reports / name).read_text()
        assert "<title>Umlauf acme" in text
        assert "<strong>acme</strong>." in text


def test_weeks_that_may_end_below_the_least_cash_are_told(settings):
    write_marts(settings.marts_file)

    careful = settings.model_copy(update={"least_cash": Decimal(200)})
    assert "Cash may fall below" not in write_report(settings, at=AT).read_text()
    warned = write_report(careful, at=AT).read_text()

    assert "Cash may fall below 200: one time in ten it is under 195 on 14 Apr." in warned


@browser_only
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["index.html", "index.de.html"])
def test_the_browser_draws_every_chart_without_complaint_overflow_or_network(
    page, browser, width, name
):
    page = page.with_name(name)
    browser.open(page, width)

    assert browser.problems() == []
    assert browser.addresses() == [page.as_uri()]
    assert browser.value("document.querySelectorAll('.chart svg').length") == 10
    assert browser.value("document.documentElement.scrollWidth") <= width
    too_wide = "[...document.querySelectorAll('.chart svg, table')].filter("
    too_wide += "e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML)"
    assert browser.value(too_wide) == []


@browser_only
def test_a_hostile_stage_is_a_label_in_the_chart_and_nothing_else(page, browser):
    browser.open(page, 1280)

    assert browser.value("document.querySelectorAll('img, [onmouseover]').length") == 0
    assert browser.value("document.getElementById('pipeline-by-stage').textContent").count("<") > 0


@browser_only
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["index.html", "index.de.html"])
def test_axe_finds_nothing_that_keeps_anybody_from_reading(page, browser, width, name):
    """https://github.com/dequelabs/axe-core: contrast, names, headings, landmarks, tables."""
    browser.open(page.with_name(name), width)
    browser.value(AXE.read_text())

    browser.value("window.found = null; axe.run().then(found => { window.found = found })")

    found = browser.wait_for("window.found")["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


@browser_only
def test_it_can_be_printed(page, browser):
    browser.open(page, 1280)

    printed = browser.printed()

    assert printed.startswith(b"%PDF-")
    assert 50_000 < len(printed) < 3_000_000
