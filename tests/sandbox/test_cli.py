"""The `umlauf sandbox` commands."""

import pytest
from click.testing import CliRunner

from umlauf.sandbox.cli import sandbox


def run(*words):
    return CliRunner().invoke(sandbox, [str(word) for word in words])


@pytest.mark.integration
def test_make_advance_truth(tmp_path):
    made = run("make", "--scale", 0.01, "--home", tmp_path)
    moved = run("advance", "--days", 2, "--home", tmp_path)
    told = run("truth", "--home", tmp_path)

    assert made.exit_code == moved.exit_code == told.exit_code == 0
    assert "bank entries" in made.output
    assert "2026-11-23T03:30:00+00:00" in moved.output
    assert (tmp_path / "sandbox" / "truth" / "stock_daily.parquet").exists()


def test_the_truth_before_there_is_a_company_is_a_usage_error(tmp_path):
    told = run("truth", "--home", tmp_path)

    assert told.exit_code == 2
    assert "umlauf sandbox make" in told.output


def test_a_moment_without_an_offset_is_refused(tmp_path):
    told = run("truth", "--home", tmp_path, "--at", "2026-11-21T03:30:00")

    assert told.exit_code == 2
    assert "UTC offset" in told.output


def test_serve_is_one_of_the_commands():
    assert set(sandbox.commands) == {"make", "serve", "advance", "truth"}
