"""The metrics as dbt reads them, and snapshots small enough to add up by hand."""

import duckdb
import pytest

from tests.warehouse.dbt_alone import dbt
from umlauf.metrics.compile import compile_sql
from umlauf.metrics.definitions import Definitions
from umlauf.metrics.question import Question
from umlauf.settings import load_settings
from umlauf.warehouse.dbt import read_semantic_manifest


@pytest.fixture(scope="session")
def manifest(tmp_path_factory):
    """Parse the project, as a build does, and return its semantic manifest."""
    settings = load_settings(home=tmp_path_factory.mktemp("parsed") / "var")
    dbt(settings, "parse")
    return read_semantic_manifest(settings)


@pytest.fixture(scope="session")
def definitions(manifest):
    return Definitions(manifest)


@pytest.fixture
def snapshot():
    with duckdb.connect() as connection:
        for schema in ("core", "pipeline", "inventory", "cash_flow", "trust"):
            connection.execute(f"create schema {schema}")
        yield connection


@pytest.fixture
def ask(snapshot, definitions):
    """Return a function that answers a question to metrics from the snapshot, as rows."""

    def answer(*metrics, definitions=definitions, **asked):
        sql = compile_sql(definitions, Question(metrics=metrics, **asked))
        return snapshot.execute(sql).fetchall()

    return answer
