"""A disk that is really full, not one that is said to be: also what DuckDB writes meets it."""

import json
import subprocess
import sys

import pytest

from tests.chaos.full_disk import NEXT
from tests.quality.small_build import BUILD_ID
from umlauf.settings import PROJECT

OWN_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        subprocess.run([*OWN_MOUNTS, "true"], check=False, capture_output=True).returncode != 0,
        reason="this kernel lets nobody mount a disk of their own",
    ),
]


def on_a_small_disk(work, folder):
    command = [*OWN_MOUNTS, sys.executable, "-m", "tests.chaos.full_disk", work, str(folder)]
    done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_landed_before_the_disk_was_full_stays_and_the_rest_follows(tmp_path):
    found = on_a_small_disk("landing", tmp_path)

    assert "No space left on device" in found["error"]
    assert 0 < found["landed"] < 400
    assert found["whole"]
    assert found["left"] == []


def test_readers_keep_the_snapshot_that_a_full_disk_could_not_replace(tmp_path):
    found = on_a_small_disk("publishing", tmp_path)

    assert "No space left on device" in found["error"]
    assert found["shown"] == [[BUILD_ID, 300_000]]
    assert found["then"] == [[NEXT, 300_000]]
    assert "Parquet" in found["copy"]
    assert "No space left on device" in found["copy"]
    assert found["copied"] == ["Parquet"]
    assert found["left"] == []
