"""What the documentation says to type is typed, where it only reads what is published or landed."""

import shlex

import pytest
from click.testing import CliRunner

from tests.docs.commands import PAGES, ROOT, read_commands
from umlauf.cli import umlauf

pytestmark = pytest.mark.integration

READING = (
    *("query", "metrics", "status", "snapshots", "settings", "verify", "contract diff"),
    *("chaos --list", "dashboards check"),
)
WHOLE = {command.text for page in PAGES for command in read_commands(page) if command.is_whole}
READ_BY = sorted(
    text for text in WHOLE if text.removeprefix("umlauf ").startswith((*READING, "copy"))
)


@pytest.fixture
def run(published, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("UMLAUF_HOME", str(published))
    monkeypatch.setenv("UMLAUF_PARQUET_COPY", str(published / "parquet"))

    def type_in(text):
        return CliRunner().invoke(umlauf, shlex.split(text.partition(" > ")[0])[1:])

    return type_in


@pytest.mark.parametrize("text", READ_BY)
def test_a_command_that_reads_does_what_it_says(run, text):
    done = run(text)

    # Nothing lands here any more, so every source is late.
    assert done.exit_code == (1 if text == "umlauf status" else 0), done.output
    assert done.stdout_bytes.strip()


def test_all_kinds_of_reading_are_among_them():
    kinds = {
        next(kind for kind in (*READING, "copy") if f"umlauf {kind}" in one) for one in READ_BY
    }

    assert kinds == {*READING, "copy"}


def test_a_query_that_names_no_column_would_be_caught(run):
    assert run('umlauf query "select landed_through from trust.freshness"').exit_code != 0
