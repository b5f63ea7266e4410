import pytest

from umlauf.errors import ConfigError
from umlauf.origins import explain
from umlauf.settings import load_settings


def test_the_environment_sets_nested_values(monkeypatch):
    monkeypatch.setenv("UMLAUF_SOURCES__HUBSPOT__LOOKBACK_HOURS", "48")

    assert load_settings().source("hubspot").lookback_hours == 48


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("UMLAUF_COMPANY_TIME_ZONE", "Mars/Olympus", "company_time_zone.*no such time zone"),
        ("UMLAUF_REPORTING_CURRENCY", "euro", "reporting_currency"),
        ("UMLAUF_FISCAL_YEAR_START_MONTH", "13", "fiscal_year_start_month"),
        ("UMLAUF_SOURCES__HUBSPOT__LOOKBAK_HOURS", "1", "sources.hubspot.lookbak_hours"),
        ("UMLAUF_SOURCES__HUBPSOT__ENABLED", "false", "sources.*'hubpsot'.*bank, hubspot, odoo"),
        ("UMLAUF_COMPANY_TIMEZONE", "UTC", "unknown environment variable UMLAUF_COMPANY_TIMEZONE"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=said):
        load_settings()


def test_a_settings_file_that_is_not_there_is_no_silent_default(monkeypatch, tmp_path):
    monkeypatch.setenv("UMLAUF_CONFIG", str(tmp_path / "typo.toml"))
    monkeypatch.setattr("umlauf.settings.CONFIG_FILE", tmp_path / "typo.toml")

    with pytest.raises(ConfigError, match=r"UMLAUF_CONFIG names .*typo\.toml"):
        load_settings()


def test_each_setting_says_where_it_came_from(monkeypatch):
    monkeypatch.setenv("UMLAUF_REPORTING_CURRENCY", "CHF")

    origins = {name: origin for name, _, origin in explain(load_settings())}

    assert origins["reporting_currency"] == "environment UMLAUF_REPORTING_CURRENCY"
    assert origins["company_time_zone"] == "default"


def test_an_unknown_source_in_the_settings_file_is_named(monkeypatch, tmp_path):
    file = tmp_path / "umlauf.toml"
    file.write_text("[sources.hubpsot]\nenabled = false\n")
    monkeypatch.setattr("umlauf.settings.CONFIG_FILE", file)

    with pytest.raises(ConfigError, match="no source 'hubpsot'; there are bank, hubspot, odoo"):
        load_settings()
