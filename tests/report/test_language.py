"""Every language says everything, and writes numbers and dates as its readers do."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.report.tiny_marts import write_marts
from umlauf.report import page
from umlauf.report.language import ENGLISH, languages
from umlauf.report.page import write_report

LANGUAGES = {language.code: language for language in languages()}
OTHERS = [language for language in LANGUAGES.values() if language.code != ENGLISH]
TEMPLATE = (Path(page.__file__).parent / "page.html.j2").read_text()
SAID = {
    first or second for first, second in re.findall(r"""say\((?:'([^']*)'|"([^"]*)")""", TEMPLATE)
}


def test_english_and_german_are_there():
    assert set(LANGUAGES) >= {"en", "de"}


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_text_of_the_page_is_said_in_every_language_with_the_same_values(language):
    assert len(SAID) > 100
    assert SAID - set(language.texts) == set()
    for text in SAID:
        values = re.findall(r"\{\w+\}", text)
        assert sorted(re.findall(r"\{\w+\}", language.texts[text])) == sorted(values), text


def test_numbers_and_days_are_written_as_readers_expect():
    english, german = LANGUAGES["en"], LANGUAGES["de"]

    assert english.number(Decimal("-1234.56"), 1) == "\u22121\u202f234.6"
    assert german.number(Decimal("-1234.56"), 1) == "\u22121\u202f234,6"
    assert german.signed(Decimal("0.4")) == "0"
    assert german.share(Decimal("0.43")) == "43\u202f%"
    assert english.day(date(2026, 3, 31), is_long=True) == "Tuesday, 31 March 2026"
    assert german.day(date(2026, 3, 31), is_long=True) == "Dienstag, 31. März 2026"
    assert german.day(None) == "-"


def test_a_stamp_is_shown_as_the_company_s_clocks_showed_it():
    stamp = datetime(2026, 3, 31, 22, 30, tzinfo=UTC).replace(tzinfo=None)

    assert LANGUAGES["de"].moment(stamp, ZoneInfo("Europe/Berlin")) == "1. Apr. 00:30"
    assert LANGUAGES["de"].moment(None, ZoneInfo("Europe/Berlin")) == "nie"


def test_a_word_of_the_marts_that_nobody_translated_is_shown_as_it_is():
    assert LANGUAGES["de"].term("won") == "gewonnen"
    assert LANGUAGES["de"].term("a new kind") == "a new kind"


def test_charts_name_months_and_decimals_alike():
    drawn = LANGUAGES["de"].drawn()

    assert drawn["number"]["decimal"] == ","
    assert drawn["time"]["days"][0] == "Sonntag"
    assert drawn["time"]["months"][2] == "März"


@pytest.mark.integration
def test_the_german_page_says_the_same_figures_in_german(settings):
    write_marts(settings.marts_file)
    english = write_report(settings, at=datetime(2026, 4, 1, 4, tzinfo=UTC))
    german = english.with_name("index.de.html").read_text()

    assert '<html lang="de">' in german
    assert "Offene Pipeline<b>1\u202f350</b>" in german
    assert "Open pipeline<b>1\u202f350</b>" in english.read_text()
    assert 'href="index.html" lang="en"' in german
