"""What holds for every dbt model, seed and suite; each test names the files that break its rule."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from umlauf.sources.registry import all_sources

ROOT = Path(__file__).parents[2]
MODELS = sorted((ROOT / "dbt_project" / "models").rglob("*.sql"))
MARTS = [file for file in MODELS if "marts" in file.parts]
MOST_LINES = 150
# `unique` alone where the contract says not null already.
KEY_TESTS = {"key", "unique", "unique_combination", "spans_do_not_overlap"}
# Words that Spark reads differently, or a clock that would make a rebuild differ.
FORBIDDEN = {
    "asof": r"\basof\b",
    "a clock": r"\b(now\s*\(|current_date|current_timestamp|get_current_)",
    "exclude": r"\*\s*exclude\b",
    "group by a position": r"\bgroup by \d",
    "a text type": r"\bvarchar\b",
    # round_double: of what is a hair less than a tie the engines make two numbers.
    "a double rounded by round": (
        r"\bround\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*?\(*cast\([^()]*as double"
    ),
}


@cache
def described(file):
    return yaml.load(file.with_suffix(".yml").read_text(), Loader=yaml.CSafeLoader)


def without_comments(text):
    return re.sub(r"--[^\n]*|\{#.*?#\}", "", text, flags=re.DOTALL)


def data_tests(file):
    (model,) = described(file)["models"]
    for place in (model, *model["columns"]):
        for test in place.get("data_tests", []):
            yield test if isinstance(test, str) else next(iter(test))


def broken(files, holds):
    return [file.stem for file in files if not holds(file)]


def test_there_are_models_to_look_at():
    assert len(MODELS) > 100
    assert len(MARTS) > 20


def test_a_model_says_its_grain_first_and_stays_short():
    def holds(file):
        lines = file.read_text().splitlines()
        first = next(line for line in lines if not line.startswith("{{ config"))
        return first.startswith("-- One row per") and len(lines) <= MOST_LINES

    assert broken(MODELS, holds) == []


def test_a_model_has_its_yaml_beside_it():
    def holds(file):
        return [model["name"] for model in described(file)["models"]] == [file.stem]

    assert broken(MODELS, holds) == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_models_keep_to_the_sql_that_travels(word):
    def holds(file):
        text = without_comments(file.read_text())
        return not re.search(FORBIDDEN[word], text, flags=re.IGNORECASE)

    assert broken(MODELS, holds) == []


def test_every_column_of_a_mart_is_typed_and_described():
    def holds(file):
        (model,) = described(file)["models"]
        return model["description"].startswith("One row per") and all(
            column.get("data_type") and len(column.get("description", "")) > 10
            for column in model["columns"]
        )

    assert broken(MARTS, holds) == []


def test_every_mart_has_a_key_test_a_unit_test_and_a_suite():
    def holds(file):
        return (
            KEY_TESTS & set(data_tests(file))
            and described(file).get("unit_tests")
            and (ROOT / "expectations" / "marts" / f"{file.stem}.yml").exists()
        )

    assert broken(MARTS, holds) == []


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.name)
def test_every_stream_has_a_suite_and_is_declared_to_dbt(source):
    folder = ROOT / "dbt_project" / "models" / "staging" / source.name
    declared = yaml.safe_load((folder / f"_{source.name}__sources.yml").read_text())
    tables = {entry["name"] for entry in declared["sources"][0]["tables"]}
    suites = {file.stem for file in (ROOT / "expectations" / source.name).glob("*.yml")}
    streams = {stream.name for stream in source.streams}

    assert streams <= tables
    assert streams <= suites


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.name)
def test_a_source_stands_in_exactly_four_places(source):
    places = (
        "plugins/umlauf/sources", "dbt_project/models/staging", "expectations", "tests/sources",
    )  # fmt: skip

    assert [place for place in places if not (ROOT / place / source.name).is_dir()] == []


def test_yaml_asks_the_environment_for_nothing_that_differs_between_homes():
    """Where it does, dbt parses everything anew for each (docs/decisions/0078)."""
    duckdb, _, spark = (ROOT / "dbt_project" / "profiles.yml").read_text().partition("    spark:")
    assert spark
    texts = {"profiles.yml": duckdb} | {
        file.name: file.read_text()
        for file in (ROOT / "dbt_project").rglob("*.yml")
        if file.name != "profiles.yml" and "target" not in file.parts
    }
    asked = {
        (name, variable)
        for name, text in texts.items()
        for variable in re.findall(r"env_var\(\W*(\w+)", text)
    }

    assert asked == {("dbt_project.yml", "UMLAUF_STAGING")}
