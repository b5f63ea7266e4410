"""Every unit test of every model, on empty relations: they bring their own rows."""

import json

import pytest
from tests.warehouse.dbt_alone import dbt

from umlauf.landing.batch import declare_stream
from umlauf.landing.ledger import read_landed, write_index
from umlauf.landing.own_records import declare_own
from umlauf.sources.registry import all_sources
from umlauf.warehouse.dbt import DBT_PROJECT

pytestmark = pytest.mark.integration


def test_every_unit_test_of_the_models_passes(settings):
    for source in all_sources():
        for stream in source.streams:
            declare_stream(settings.landing_root, source.name, stream.name, source.start)
    declare_own(settings.landing_root)
    landed = read_landed(settings.landing_root, all_sources())
    write_index(landed, settings.warehouse / "batches.parquet")
    dbt(settings, "seed")
    dbt(settings, "run", "--empty")

    target = dbt(settings, "test", "--select", "test_type:unit")

    told = json.loads((target / "run_results.json").read_text())["results"]
    results = [result for result in told if result["unique_id"].startswith("unit_test.")]
    marts = list((DBT_PROJECT / "models" / "marts").rglob("*.sql"))
    assert len(results) >= len(marts)
    assert {result["status"] for result in results} == {"pass"}
