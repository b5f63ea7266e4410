"""What holds for every dbt model, seed and suite."""

import re
from pathlib import Path

import pytest
import yaml

from umlauf.sources.registry import all_sources

ROOT = Path(__file__).parents[2]
MODELS = sorted((ROOT / "dbt_project" / "models").rglob("*.sql"))
MARTS = [file for file in MODELS if "marts" in file.parts]
MOST_LINES = 150
# Words that Spark reads differently, or a clock that would make a rebuild differ.
FORBIDDEN = {
    "asof": r"\basof\b",
    "a clock": r"\b(now\s*\(|current_date|current_timestamp|get_current_)",
    "exclude": r"\*\s*exclude\b",
    "group by a position": r"\bgroup by \d",
    "a float": r"\b(float|double|real)\b(?! precision)",
}


def name(file):
    return file.stem


def without_comments(text):
    return re.sub(r"--[^\n]*|\{#.*?#\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("file", MODELS, ids=name)
def test_a_model_says_its_grain_first_and_stays_short(file):
    lines = file.read_text().splitlines()

    first = next(line for line in lines if not line.startswith("{{ config"))
    assert first.startswith("-- One row per"), first
    assert len(lines) <= MOST_LINES


@pytest.mark.parametrize("file", MODELS, ids=name)
def test_a_model_has_its_yaml_beside_it(file):
    described = yaml.safe_load(file.with_suffix(".yml").read_text())["models"]

    assert [model["name"] for model in described] == [file.stem]


@pytest.mark.parametrize("word", [word for word in FORBIDDEN if word != "a float"])
@pytest.mark.parametrize("file", MODELS, ids=name)
def test_models_keep_to_the_sql_that_travels(file, word):
    found = re.search(FORBIDDEN[word], without_comments(file.read_text()), flags=re.IGNORECASE)

    assert not found, f"{word}: {found.group() if found else ''}"


@pytest.mark.parametrize("file", MARTS, ids=name)
def test_every_column_of_a_mart_is_typed_and_described(file):
    (model,) = yaml.safe_load(file.with_suffix(".yml").read_text())["models"]

    assert model["description"].startswith("One row per")
    for column in model["columns"]:
        assert column.get("data_type"), column["name"]
        assert len(column.get("description", "")) > 10, column["name"]


@pytest.mark.parametrize("file", MARTS, ids=name)
def test_every_mart_has_a_key_test_a_unit_test_and_a_suite(file):
    described = yaml.safe_load(file.with_suffix(".yml").read_text())

    assert "unique" in file.with_suffix(".yml").read_text(), "no test of its key"
    assert described.get("unit_tests"), "no unit test"
    assert (ROOT / "expectations" / "marts" / f"{file.stem}.yml").exists()


@pytest.mark.parametrize(
    "stream",
    [f"{source.name}/{stream.name}" for source in all_sources() for stream in source.streams],
)
def test_every_stream_has_a_suite_and_stands_in_the_warehouse_s_sources(stream):
    source, table = stream.split("/")
    declared = yaml.safe_load(
        (ROOT / "dbt_project/models/staging" / source / f"_{source}__sources.yml").read_text()
    )["sources"][0]["tables"]

    assert (ROOT / "expectations" / f"{stream}.yml").exists()
    assert table in [entry["name"] for entry in declared]


def test_a_source_stands_in_exactly_four_places():
    for source in all_sources():
        for place in (
            "plugins/umlauf/sources",
            "dbt_project/models/staging",
            "expectations",
            "tests/sources",
        ):
            assert (ROOT / place / source.name).is_dir(), f"{place}/{source.name}"
