"""A night without Airflow: whom it waits for, and what it says when there is nothing to build."""

from contextlib import ExitStack

import duckdb
import pytest

from umlauf.errors import ConfigError, SourceUnavailable
from umlauf.landing.lease import hold_lease
from umlauf.nightly import _is_report_behind, enabled_sources, run_night
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources


def test_a_source_that_does_not_exist_is_named(settings):
    with pytest.raises(ConfigError, match="no source 'hubpsot'; there are bank, hubspot, odoo"):
        enabled_sources(settings, ["hubpsot"])


def test_a_disabled_source_that_is_asked_for_is_no_silent_success(tmp_path, monkeypatch):
    monkeypatch.setenv("UMLAUF_SOURCES__ODOO__ENABLED", "false")
    settings = load_settings(home=tmp_path)

    assert "odoo" not in [source.name for source in enabled_sources(settings)]
    with pytest.raises(ConfigError, match=r"disabled by sources\.odoo\.enabled"):
        enabled_sources(settings, ["odoo"])


@pytest.mark.integration
def test_a_first_night_on_which_no_source_could_be_landed_says_which_and_why(settings, monkeypatch):
    impatient = settings.model_copy(update={"lease_wait_seconds": 0.0})
    with ExitStack() as others:
        for source in all_sources():
            monkeypatch.setenv(f"AIRFLOW_CONN_{source.conn_id.upper()}", "http://x:y@127.0.0.1:9")
            others.enter_context(hold_lease(settings.leases, f"land_{source.name}", 0))

        with pytest.raises(SourceUnavailable, match=r"land_bank.*land_hubspot.*land_odoo"):
            run_night(impatient)


@pytest.mark.integration
def test_a_page_of_another_build_than_readers_see_is_written_again(settings):
    page = settings.reports / "index.html"
    for file in (page, settings.marts_file):
        file.parent.mkdir(parents=True)
    with duckdb.connect(settings.marts_file) as marts:
        marts.execute("create schema core; create table core.dim_date as select 'b' as build_id")

    assert _is_report_behind(settings)
    page.write_text('<meta name="build" content="a">')
    assert _is_report_behind(settings)
    page.write_text('<meta name="build" content="b">')
    assert not _is_report_behind(settings)
