"""A writer that is killed between the parts of a window loses nothing and doubles nothing."""

import signal
import subprocess
import sys

import pytest

from tests.storage.landing_apart import THINGS, land
from umlauf.landing.batch import batch_files, read_about
from umlauf.storage.parquet import read_rows

pytestmark = pytest.mark.integration


def batches(root):
    return sorted(batch_files(root, "fake", "things"), key=lambda file: file.name)


@pytest.mark.parametrize("is_put", [True, False], ids=["once it was put", "before it was put"])
@pytest.mark.parametrize("part", range(4))
def test_a_killed_writer_s_window_is_continued_where_it_ended(s3, in_bucket, root, part, is_put):
    place = (str(in_bucket.home), str(root))
    command = [sys.executable, "-m", "tests.storage.landing_apart", *place]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        pid = int(writer.stdout.readline())
        s3.fault("PUT", path="/fake/things/", skip=part, kill=pid, is_done=is_put)
        writer.communicate("go\n")
    assert writer.returncode == -signal.SIGKILL
    assert len(batches(root)) == part + is_put

    land(*place)

    first, *_ = batches(root)
    read = [read_about(file) for file in batches(root)]
    of_window = [about for about in read if about.window_start == read_about(first).window_start]
    keys = [key for file in batches(root) for key in read_rows(file)["record_key"].to_pylist()]
    assert set(keys) == set(THINGS)
    if part + is_put < 4:  # else the window had landed whole, and reading it again is free
        assert sorted(keys) == sorted(THINGS)
        assert [about.part for about in of_window] == list(range(4))
