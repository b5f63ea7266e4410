"""The benchmarks that nobody runs for weeks still run, at their smallest; no figure is judged."""

import json
import os
import subprocess
import sys

import pytest

from umlauf.settings import PROJECT

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("name", "size", "figure"),
    [
        ("postgres", {"ROWS": "1000"}, "postgres_publishing_beside_copy"),
        ("publishing", {"PUBLISHES": "1", "READS": "24"}, "publishing_torn_reads"),
    ],
)
def test_it_runs_and_notes_its_figures(name, size, figure, settings):
    environment = {**os.environ, **size, "UMLAUF_HOME": str(settings.home)}

    done = subprocess.run(
        [sys.executable, "-m", "bench", name],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    assert figure in json.loads((settings.home / "bench" / "results.json").read_text())
