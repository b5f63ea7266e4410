"""A decision with an example in numbers names the unit tests that recompute it."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
WITH_EXAMPLE = [file for file in DECISIONS if "\n## Worked example" in file.read_text()]


@cache
def unit_tests():
    files = (ROOT / "dbt_project" / "models").rglob("*.yml")
    described = [yaml.load(file.read_text(), Loader=yaml.CSafeLoader) for file in files]
    return {test["name"] for each in described for test in each.get("unit_tests", ())}


def named(file):
    """Return the names in backticks behind `Recomputed by` or `unit test`."""
    text = file.read_text()
    found = re.findall(r"(?:Recomputed by|unit test)[^#|]*?(?=\n\n|\n#|\Z)", text, flags=re.DOTALL)
    return {name for part in found for name in re.findall(r"`(\w+)`", part)}


def test_a_number_names_one_decision():
    numbers = [file.name[:4] for file in DECISIONS]

    assert sorted(set(numbers)) == numbers


def test_a_decision_is_headed_by_its_number_and_its_sentence():
    heads = {file.name: file.read_text().partition("\n")[0] for file in DECISIONS}

    wrong = [
        name for name, head in heads.items() if not re.match(rf"# {int(name[:4])}\. [A-Z]", head)
    ]
    assert wrong == []


def test_there_are_examples_to_look_at():
    assert len(WITH_EXAMPLE) > 15


@pytest.mark.parametrize(
    "file",
    WITH_EXAMPLE,
    ids=lambda file: file.name[:4],
)
def test_an_example_names_a_unit_test_that_is_there(file):
    assert named(file) & unit_tests(), f"{file.name}: no unit test of the models is named"
