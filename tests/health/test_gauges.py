"""What Prometheus reads is what status says, in the format that Prometheus's own parser reads."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from tests.health.test_status import DAY, MORNING, status, well
from tests.report.tiny_marts import land_all, write_marts
from umlauf.cli import umlauf
from umlauf.health.gauges import exposition
from umlauf.landing.incidents import note
from umlauf.landing.windows import day_bounds

pytestmark = pytest.mark.integration
assert well  # a fixture


def read(text):
    """Return every sample by name and labels; the parser refuses what Prometheus would."""
    families = list(text_string_to_metric_families(text))
    assert all(family.type == "gauge" and family.documentation for family in families)
    return {
        (sample.name.removeprefix("umlauf_"), *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_it_says_what_status_says(settings):
    land_all(settings, DAY)
    write_marts(settings.marts_file)
    found = status(settings)

    told = read(exposition(found))

    end = day_bounds(DAY, settings.zone)[1]
    for source in ("bank", "hubspot", "odoo"):
        assert told["source_covered_timestamp_seconds", source] == end.timestamp()
        assert told["source_age_seconds", source] == 7.5 * 3600
        assert told["queue_rows", source] == 0
    assert told["published_rows",] == 12
    assert told["build_seconds",] == 64.5
    assert (told["checks", "held"], told["checks", "warning"]) == (3, 1)
    assert told["incidents_open", "Failed check", "false"] == 1
    assert told["disk_bytes", "snapshot"] == settings.marts_file.stat().st_size
    assert told["is_well",] == 1


def test_what_is_wrong_is_counted_and_what_a_label_holds_breaks_no_line(well):
    note(well, "marts", ValueError('a "quoted"\nline'), MORNING)
    late = status(well, MORNING + timedelta(days=1))

    told = read(exposition(late))

    assert told["incidents_open", "Late source", "true"] == 3
    assert told["incidents_open", "Any other error", "true"] == 1
    assert told["is_well",] == 0


def test_before_the_first_landing_it_still_can_be_read(settings):
    told = read(exposition(status(settings)))

    assert told["incidents_open", "No snapshot", "true"] == 1
    assert not any(name == "published_rows" for name, *_ in told)


def test_the_command_prints_it_for_a_file(well, monkeypatch):
    monkeypatch.setenv("UMLAUF_HOME", str(well.home))

    done = CliRunner().invoke(umlauf, ["status", "--prometheus"])

    assert done.exit_code == 0  # by today's date all three sources are late
    assert read(done.stdout)["incidents_open", "Late source", "true"] == 3
    assert "# HELP umlauf_source_age_seconds " in done.stdout
    assert "# TYPE umlauf_source_age_seconds gauge\n" in done.stdout
