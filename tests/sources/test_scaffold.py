"""`umlauf new-source` writes a source that lands, passes its test and keeps to the conventions."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from umlauf.errors import ConfigError
from umlauf.sources.scaffold import write_source

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["", "Upper", "has-dash", "../escape", "1st"])
def test_a_name_that_cannot_be_a_source_is_refused(tmp_path, name):
    (tmp_path / "dbt_project").mkdir()

    with pytest.raises(ConfigError, match="short lower-case name"):
        write_source(name, tmp_path)


def test_an_existing_source_is_not_overwritten():
    with pytest.raises(ConfigError, match="'hubspot' exists already"):
        write_source("hubspot", ROOT)


@pytest.mark.integration
def test_a_new_source_passes_its_own_test_and_lint(tmp_path):
    project = tmp_path / "project"
    shutil.copytree(
        ROOT,
        project,
        ignore=shutil.ignore_patterns(".git", ".venv", "var", "*cache*", "templates.bak"),
    )

    files = write_source("erpnext", project)

    run(project, "-m", "pytest", "-q", "tests/sources/erpnext")
    run(
        project, "-m", "pytest", "-q", "tests/conventions", "-k", "erpnext or four_places or stream"
    )
    python = [str(file) for file in files if file.suffix == ".py"]
    run(project, "-m", "ruff", "check", *python)


def run(project, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project / "plugins")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
