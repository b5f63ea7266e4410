"""One index for operations, whose pages say what they lead to, without a network."""

import json
from datetime import UTC, date, datetime

import pytest

from tests.report.browser import CHROMIUM, Browser
from tests.report.tiny_marts import BUILD, land_all, write_marts
from umlauf.errors import SourceDenied
from umlauf.health.status import read_status
from umlauf.landing.incidents import note
from umlauf.report.operations import write_operations
from umlauf.sources.registry import all_sources

pytestmark = pytest.mark.integration

DAY = date(2026, 3, 31)
MORNING = datetime(2026, 4, 1, 5, 30, tzinfo=UTC)
LINEAGE = f"""
    create or replace table trust.column_lineage as
    select 'staging.stg_a' as subject, 'c' || i as subject_column, 'pipeline.fct_deal' as mart,
        'amount' as mart_column, '{BUILD}' as build_id
    from range(1200) as t(i)
    union all values ('staging.stg_b', '</script><b>x', 'core.dim_date', 'day', '{BUILD}')
"""
NODE = {
    "resource_type": "model",
    "unique_id": "model.umlauf.fct_deal",
    "schema": "pipeline",
    "name": "fct_deal",
    "description": "One row per deal</script>",
    "config": {"materialized": "table"},
    "columns": {},
}


@pytest.fixture
def built(settings):
    land_all(settings, DAY)
    write_marts(settings.marts_file, "delete from trust.quality_result", LINEAGE)
    dbt = settings.warehouse / "dbt"
    dbt.mkdir(parents=True)
    manifest = {"nodes": {NODE["unique_id"]: NODE}, "metadata": {}}
    dbt.joinpath("manifest.json").write_text(json.dumps(manifest))
    settings.warehouse.joinpath("build.json").write_text(json.dumps({"build_id": BUILD}))
    settings.reports.mkdir(parents=True)
    return settings


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


def write(settings):
    return write_operations(settings, read_status(settings, all_sources(), MORNING))


def test_the_index_says_what_status_says_and_links_only_what_is_there(built):
    note(built, "land hubspot", SourceDenied("<b>403</b>"), MORNING)
    (built.reports / "index.html").touch()

    page = write(built).read_text()

    assert '<p class="trouble wrong">land hubspot: SourceDenied: &lt;b&gt;403&lt;/b&gt;' in page
    assert "last build" in page
    linked = [name for name in ("index", "models", "columns", "data_docs/index") if
              f'href="{name}.html"' in page]  # fmt: skip
    assert linked == ["index", "models", "columns"]
    assert list(built.reports.glob("*.partial")) == []


def test_after_a_rollback_the_models_are_not_taken_for_those_that_readers_see(built):
    built.warehouse.joinpath("build.json").write_text('{"build_id": "another"}')

    write(built)

    assert not (built.reports / "models.html").exists()


def test_a_snapshot_of_before_there_was_column_lineage_has_no_page_of_it(built):
    write_marts(built.marts_file.with_name("older.duckdb"), "delete from trust.quality_result")
    built.marts_file.with_name("older.duckdb").replace(built.marts_file)

    page = write(built).read_text()

    assert "columns.html" not in page


def test_columns_are_found_by_what_is_typed(built, browser):
    write(built)

    browser.show(built.reports / "columns.html")
    assert browser.value("document.getElementById('count').textContent") == (
        "1201 of 1201, the first 1000 of them below"
    )
    found = browser.value(
        "typed.value = 'DIM_date b'; typed.dispatchEvent(new Event('input'));"
        "[...document.querySelectorAll('#found td')].map(cell => cell.textContent).join('|')"
    )

    assert found == "core.dim_date|day|staging.stg_b|</script><b>x"
    assert browser.problems() == []
    assert [one for one in browser.addresses() if not one.startswith("file:")] == []


def test_dbt_s_own_page_shows_the_models_with_their_published_types(built, browser):
    write(built)

    browser.show(built.reports / "models.html", "#!/model/model.umlauf.fct_deal")

    text = browser.wait_for("document.body.innerText.includes('is_won') && document.body.innerText")
    assert "fct_deal" in text
    assert "One row per deal" in text
    assert "BOOLEAN" in text
