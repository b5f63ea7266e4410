"""One warehouse's parse is the next one's beginning."""

import pytest

from umlauf.warehouse.parsed import sharing_parsed


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "dbt_project"
    folder.mkdir()
    return folder


@pytest.fixture
def targets(tmp_path):
    """Two homes' folders that dbt writes to, and the file in each that holds what it parsed."""
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    return [(folder, folder / "partial_parse.msgpack") for folder in folders]


def test_another_warehouse_begins_with_what_was_parsed(project, targets):
    (one, parsed), (two, taken) = targets
    with sharing_parsed(project, one, ["duckdb", "EUR"]):
        parsed.write_bytes(b"all models")
    with sharing_parsed(project, two, ["duckdb", "EUR"]):
        assert taken.read_bytes() == b"all models"


def test_what_depends_on_another_variable_is_not_taken(project, targets):
    (one, parsed), (two, taken) = targets
    with sharing_parsed(project, one, ["duckdb", "EUR"]):
        parsed.write_bytes(b"all models")
    with sharing_parsed(project, two, ["duckdb", "CHF"]):
        assert not taken.exists()


def test_what_was_parsed_anew_is_the_next_beginning(project, targets):
    (one, parsed), (two, taken) = targets
    for content in (b"all models", b"a model more"):
        with sharing_parsed(project, one, ["duckdb"]):
            parsed.write_bytes(content)
    with sharing_parsed(project, two, ["duckdb"]):
        assert taken.read_bytes() == b"a model more"
    assert not list(project.rglob("*.partial"))


def test_a_dbt_that_was_killed_leaves_nothing_to_others(project, targets):
    (one, parsed), _ = targets

    def killed():
        with sharing_parsed(project, one, ["duckdb"]):
            parsed.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert not (project / "target").exists()


def test_a_checkout_that_cannot_be_written_to_is_left_alone(project, targets):
    (one, parsed), _ = targets
    (project / "target").write_text("in the way of a folder")
    with sharing_parsed(project, one, ["duckdb"]):
        parsed.write_bytes(b"all models")
    assert parsed.read_bytes() == b"all models"
