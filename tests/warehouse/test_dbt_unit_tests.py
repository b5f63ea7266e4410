"""Every unit test of every model, on empty relations: they bring their own rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from umlauf.landing.batch import declare_stream
from umlauf.landing.ledger import read_landed, write_index
from umlauf.landing.own_records import declare_own
from umlauf.sources.registry import all_sources
from umlauf.warehouse.dbt import DBT_PROJECT, dbt_environment

pytestmark = pytest.mark.integration


def dbt(settings, *arguments):
    target = settings.warehouse / "dbt"
    streams = {source.name: [stream.name for stream in source.streams] for source in all_sources()}
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("--no-use-colors", *arguments),
            *("--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT),
            *("--target-path", target, "--log-path", target),
            *("--vars", json.dumps({"streams": streams})),
        ],
        env=os.environ | dbt_environment(settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return json.loads((target / "run_results.json").read_text())["results"]


def test_every_unit_test_of_the_models_passes(settings):
    for source in all_sources():
        for stream in source.streams:
            declare_stream(settings.landing_root, source.name, stream.name, source.start)
    declare_own(settings.landing_root)
    landed = read_landed(settings.landing_root, all_sources())
    write_index(landed, settings.warehouse / "batches.parquet")
    dbt(settings, "seed")
    dbt(settings, "run", "--empty")

    told = dbt(settings, "test", "--select", "test_type:unit")

    results = [result for result in told if result["unique_id"].startswith("unit_test.")]
    marts = list((DBT_PROJECT / "models" / "marts").rglob("*.sql"))
    assert len(results) >= len(marts)
    assert {result["status"] for result in results} == {"pass"}
