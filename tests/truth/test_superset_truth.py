"""The four dashboards in a real Superset and a real browser: drawn, with data, and true.

The pictures are left in var/screenshots.
"""

import json
import shutil
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pytest

from tests.publish.postgres_server import running_postgres
from tests.report.browser import CHROMIUM, Browser
from tests.truth.superset_server import KEYS, running_superset
from umlauf.dashboards.assets import DASHBOARDS, read_dashboards
from umlauf.dashboards.exported import keep_export
from umlauf.local.superset import exported
from umlauf.local.superset_environment import PYTHON
from umlauf.metrics.compile import compile_sql
from umlauf.metrics.definitions import read_definitions
from umlauf.metrics.question import Question
from umlauf.publish.postgres.publish import publish_postgres
from umlauf.settings import PROJECT, load_settings

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not PYTHON.exists(),
        reason="no packages of Superset: `make .venv-superset/.installed` installs them",
    ),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `.ci/run` installs it"),
]
PAGES = {page.slug: page for page in read_dashboards()}
PICTURES = PROJECT / "var" / "screenshots"
NUMBERS = "[...document.querySelectorAll('.header-line')].map(number => number.innerText)"
DRAWN = """
    (charts => charts.length === %d && !document.querySelector('.loading') && charts.every(chart =>
        chart.querySelector('canvas, td, .header-line')))
    ([...document.querySelectorAll('.slice_container')])
"""


@pytest.fixture(scope="module")
def superset(company, snapshot_file, tmp_path_factory):
    settings = load_settings(home=tmp_path_factory.mktemp("superset"))
    settings.marts_file.parent.mkdir()
    settings.marts_file.symlink_to(snapshot_file)
    settings.warehouse.symlink_to(load_settings(home=company.home).warehouse)
    with running_postgres() as server:
        publish_postgres(settings, server.connection)
        with running_superset(settings, server) as running:
            yield running


@pytest.fixture(scope="module")
def browser(superset, tmp_path_factory):
    opened = Browser(tmp_path_factory.mktemp("profile"))
    opened.keep_cookie("session", superset.session_cookie(), superset.url)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Page:
    """What a page's charts were told, whom it asked, and the big numbers it shows."""

    told: dict[str, dict]
    asked: set[str]
    numbers: list[str]


@pytest.fixture(scope="module")
def looked_at(superset, browser):
    """Return a function that shows a dashboard, once, and returns its Page."""
    titles, pages = superset.charts(), {}

    def look(slug):
        if slug not in pages:
            browser.go(f"{superset.url}/superset/dashboard/{slug}/", 1500, 2800)
            browser.wait_for(DRAWN % len(PAGES[slug].charts), seconds=240)
            PICTURES.mkdir(parents=True, exist_ok=True)
            (PICTURES / f"{slug}.png").write_bytes(browser.picture())
            pages[slug] = Page(
                told={
                    titles[json.loads(asked)["form_data"]["slice_id"]]: json.loads(told)
                    for asked, told in browser.exchanges("/api/v1/chart/data?form_data=")
                },
                asked=set(browser.addresses()) - set(browser.refused()),
                numbers=browser.value(NUMBERS),
            )
        return pages[slug]

    return look


@pytest.fixture(scope="module")
def ask(snapshot_file):
    """Return a function that answers as `umlauf metrics` does, with the last of all periods."""
    with duckdb.connect(snapshot_file, read_only=True) as snapshot:
        definitions = read_definitions(snapshot)

        def answer(metric, grain):
            question = Question(metrics=(metric,), grain=grain)
            rows = snapshot.execute(compile_sql(definitions, question)).fetchall()
            return max(rows)[-1]

        yield answer


@pytest.mark.parametrize("slug", PAGES)
def test_every_chart_is_drawn_with_data(looked_at, slug):
    told = looked_at(slug).told

    assert set(told) == {chart.title for chart in PAGES[slug].charts}
    silent = {
        title: answer
        for title, answer in told.items()
        if not all(one["rowcount"] and not one["error"] for one in answer["result"])
    }
    assert not silent


@pytest.mark.parametrize("slug", PAGES)
def test_no_page_asks_anybody_else(superset, looked_at, slug):
    own = (superset.url, "data:", "blob:")

    asked = looked_at(slug).asked

    assert [url for url in asked if not url.startswith(own)] == []
    assert len(asked) > 20


@pytest.mark.parametrize("slug", [slug for slug in PAGES if slug != "trust"])
def test_a_headline_number_is_the_dbt_metric_to_the_cent(looked_at, ask, slug):
    told, shown, known = looked_at(slug).told, {}, {}
    for chart in PAGES[slug].charts:
        if chart.kind.startswith("big_number"):
            metric, time = chart.params["metric"], chart.params.get("x_axis")
            rows = told[chart.title]["result"][0]["data"]
            row = max(rows, key=lambda row: row[time]) if time else rows[0]
            shown[metric] = Decimal(str(row[metric])).quantize(Decimal("0.0001"))
            is_monthly = chart.params.get("time_grain_sqla") == "P1M"
            known[metric] = ask(metric, "month" if is_monthly else None)

    assert shown == known
    assert len(shown) == 6


def test_what_the_page_shows_is_what_it_was_told(looked_at, ask):
    numbers = looked_at("cash_flow").numbers

    assert len(numbers) == 6
    assert any(f"{ask('cash_balance', None):,.0f}" in text for text in numbers)


def test_an_export_is_what_was_imported(superset, tmp_path):
    copy = tmp_path / "dashboards"
    shutil.copytree(DASHBOARDS, copy)

    assert keep_export(exported(superset.url, KEYS.superset_password), copy) == []


def test_what_left_the_repository_leaves_superset(superset, tmp_path):
    copy = tmp_path / "dashboards"
    shutil.copytree(DASHBOARDS, copy)
    shutil.rmtree(copy / "charts" / "trust")
    (copy / "dashboards" / "trust.yaml").unlink()
    before = set(superset.charts().values())

    superset.prepare(copy)

    gone = before - set(superset.charts().values())
    assert gone == {chart.title for chart in PAGES["trust"].charts}
    slugs = superset.ask("dashboard/?q=(columns:!(slug))")["result"]
    assert {page["slug"] for page in slugs} == set(PAGES) - {"trust"}
