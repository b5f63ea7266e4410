"""The metrics as dbt reads them, and snapshots small enough to add up by hand."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from umlauf.metrics.compile import compile_sql
from umlauf.metrics.definitions import Definitions
from umlauf.metrics.question import Question
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.dbt import DBT_PROJECT, dbt_environment, read_semantic_manifest


@pytest.fixture(scope="session")
def manifest(tmp_path_factory):
    """Parse the project, as a build does, and return its semantic manifest."""
    settings = load_settings(home=tmp_path_factory.mktemp("parsed") / "var")
    target = settings.warehouse / "dbt"
    streams = {source.name: [stream.name for stream in source.streams] for source in all_sources()}
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("--no-use-colors", "parse"),
            *("--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT),
            *("--target-path", target, "--log-path", target),
            *("--vars", json.dumps({"streams": streams})),
        ],
        env=os.environ | dbt_environment(settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
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
