"""The same company on Spark: every mart says what DuckDB's says, after a first and a second night.

SCALE=1 pytest tests/truth/test_spark_truth.py      a company as large as the demo's, or larger
"""

import shutil
from datetime import timedelta

import pytest

from tests.truth.conftest import END
from umlauf.nightly import enabled_sources, land_one
from umlauf.publish.engines import compare_with_spark
from umlauf.sandbox.clock import advance
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.servers import running
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import build_new
from umlauf.warehouse.on_spark import build_on_spark
from umlauf.warehouse.spark import DBT

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not DBT.exists(), reason="no packages of Spark: `make spark` installs them"),
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java: Spark needs version 17"),
]


@pytest.fixture(scope="module")
def own(company, tmp_path_factory):
    """Return settings of a copy of the company's home, whose next night nobody else sees."""
    home = tmp_path_factory.mktemp("spark") / "var"
    shutil.copytree(company.home, home)
    return load_settings(home=home)


def differing(settings):
    compared = compare_with_spark(settings)
    assert len(compared) > 40
    assert all(int(one.duckdb.split("-")[0]) >= 0 for one in compared)
    return [one for one in compared if not one.is_same]


def test_every_mart_built_on_spark_says_what_duckdbs_says(own):
    built = build_on_spark(own, all_sources())

    assert {"model", "seed", "test"} <= {result.kind for result in built.results}
    assert differing(own) == []


def test_a_night_adds_its_news_on_spark_as_well(own, caplog):
    advance(own.home)
    with running(own.home) as addresses, pytest.MonkeyPatch.context() as environment:
        for name, connection in connections(addresses).items():
            environment.setenv(name, connection)
        for source in enabled_sources(own):
            land_one(own, source.name, END + timedelta(days=1))
    build_new(own, all_sources())

    with caplog.at_level("INFO"):
        build_on_spark(own, all_sources())

    assert "building all anew" not in caplog.text
    assert differing(own) == []
