"""What the documentation says to type is typed, where it only reads what is published or landed."""

import os
import shlex
import shutil

import pytest
from click.testing import CliRunner

from tests.docs.commands import PAGES, ROOT, read_commands
from umlauf.cli import umlauf
from umlauf.landing.run import utc_now
from umlauf.publish.snapshot import publish_build
from umlauf.quality.gate import check_build
from umlauf.settings import load_settings
from umlauf.warehouse.build import standing_build_id

pytestmark = pytest.mark.integration

READING = ("query", "status", "snapshots", "settings", "verify", "contract diff", "chaos --list")
WHOLE = {command.text for page in PAGES for command in read_commands(page) if command.is_whole}
READ_BY = sorted(
    text for text in WHOLE if text.removeprefix("umlauf ").startswith((*READING, "copy"))
)


@pytest.fixture(scope="module")
def home(company, tmp_path_factory):
    """Return a home of the company's files, where its build is checked and published."""
    home = tmp_path_factory.mktemp("documented") / "var"
    for folder in ("landing", "warehouse"):
        shutil.copytree(company.home / folder, home / folder, copy_function=os.link)
    settings = load_settings(home=home)
    build_id = standing_build_id(settings)
    check_build(settings, build_id, at=utc_now())
    publish_build(settings, build_id, at=utc_now())
    return home


@pytest.fixture
def run(home, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("UMLAUF_HOME", str(home))
    monkeypatch.setenv("UMLAUF_PARQUET_COPY", str(home / "parquet"))

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
