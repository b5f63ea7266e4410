import pytest
import yaml

from umlauf.errors import ConfigError
from umlauf.quality.suites import load_suites
from umlauf.settings import source_names

WHOLE = {"type": "expect_x", "severity": "critical", "kwargs": {}, "meta": {"why": "Because."}}


def write(folder, content):
    file = folder / "shop" / "deals.yml"
    file.parent.mkdir()
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return folder


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"severity": None}, "expectation 1 lacks a severity"),
        (
            {"meta": {"why": "so", "about": "crm"}},
            "expectation 1: meta.about: expected one of bank, hubspot, odoo; found 'crm'",
        ),
        ({"severity": "info"}, "expectation 1 lacks a severity"),
        ({"meta": {}}, r"expectation 1 lacks meta\.why"),
        ({"meta": {"why": ""}}, r"expectation 1 lacks meta\.why"),
    ],
)
def test_an_expectation_that_does_not_say_what_it_must_is_refused(tmp_path, changed, complaint):
    folder = write(tmp_path, {"name": "shop.deals", "expectations": [WHOLE | changed]})

    with pytest.raises(ConfigError, match=rf"expectations/shop/deals\.yml: {complaint}"):
        list(load_suites(folder))


@pytest.mark.parametrize("content", ["", "- 1", "name: shop.deals", "expectations: []"])
def test_a_file_that_is_no_suite_is_refused(tmp_path, content):
    with pytest.raises(ConfigError, match=r"deals\.yml: expected a suite"):
        list(load_suites(write(tmp_path, content)))


def test_every_suite_of_the_project_loads_and_is_named_after_its_file():
    assert {suite.name == suite.content["name"] for suite in load_suites()} == {True}


def test_of_every_source_it_is_asked_whether_its_own_report_was_read():
    (parity,) = (suite for suite in load_suites() if suite.name == "marts.parity")

    asked = [
        (one["meta"]["about"], one["kwargs"]["unexpected_rows_query"])
        for one in parity.content["expectations"]
        if "about" in one["meta"]
    ]

    assert [source for source, query in sorted(asked) if f"'{source}'" in query] == source_names()
