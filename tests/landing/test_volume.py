"""A night with twenty times the news: slower, and in the memory of any other night."""

import json
import subprocess
import sys

import pytest

from umlauf.settings import PROJECT

pytestmark = pytest.mark.integration

MOST_MB_MORE = 80  # the news themselves are 100 MB more
LANDS = """
import json, resource, sys
from datetime import date
from tests.landing.fake_source import CONNECTION, FakeClient, at, fake_source
from umlauf.landing.land import land_day
from umlauf.landing.batch import batch_files
from umlauf.settings import load_settings
from umlauf.spec import Page
import pyarrow.parquet as pq

class ManyRecords(FakeClient):
    def pages(self, stream, window, after):
        for start in range(0, len(self.things), 100):
            keys = [f"{number:08}" for number in range(start, start + 100)]
            payloads = [json.dumps({"id": key, "text": key * 125}) for key in keys]
            yield Page(keys=keys, versions=[at(20)] * 100, payloads=payloads, after=keys[-1])

settings = load_settings(home=sys.argv[2], batch_rows=5_000)
client = ManyRecords({f"{number:08}": at(20) for number in range(int(sys.argv[1]))})
land_day(fake_source(client), date(2026, 11, 22), settings, CONNECTION, clock=lambda: at(23, 3))
files = batch_files(settings.landing_root, "fake", "things")
landed = sum(pq.read_metadata(file).num_rows for file in files)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"landed": landed, "peak_mb": peak}))
"""


def land(records, home):
    command = [sys.executable, "-c", LANDS, str(records), str(home)]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_twenty_times_the_records_land_in_the_memory_of_a_usual_night(tmp_path):
    usual = land(5_000, tmp_path / "usual")
    spike = land(100_000, tmp_path / "spike")

    assert (usual["landed"], spike["landed"]) == (5_000, 100_000)
    assert spike["peak_mb"] < usual["peak_mb"] + MOST_MB_MORE
