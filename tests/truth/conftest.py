"""One sandbox company, landed over HTTP and built once; comparisons with its truth read it.

SCALE=1 pytest tests/truth      a company as large as the demo's, or larger
KEPT=FOLDER                     where it is kept with what it landed, for another run
"""

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from umlauf.metrics.definitions import read_definitions
from umlauf.nightly import enabled_sources, land_one
from umlauf.publish.snapshot import write_snapshot
from umlauf.sandbox.clock import read_clock
from umlauf.sandbox.company.make import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.servers import running
from umlauf.sandbox.truth import write_truth
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import build_new, current_build, standing_build_id

END = date(2026, 11, 20)
SCALE = float(os.environ.get("SCALE", "0.05"))
KEPT = os.environ.get("KEPT")


@dataclass(frozen=True)
class Company:
    """The built warehouse, read-only, and the folder of Parquet that says what it must hold."""

    home: Path
    warehouse: duckdb.DuckDBPyConnection
    truth: Path

    def rows(self, query):
        """Return the rows of a query; `truth.<table>` stands for the truth's Parquet."""
        for file in self.truth.glob("*.parquet"):
            query = query.replace(f"truth.{file.stem} ", f"read_parquet('{file}') ")
        return self.warehouse.execute(query).fetchall()


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    home = Path(KEPT) if KEPT else tmp_path_factory.mktemp("truth") / "var"
    settings = load_settings(home=home)
    if not (landed := home / "landed").exists():
        _make_and_land(settings)
        landed.touch()
    # What was built of it by earlier code, or as an increment, would be judged in place of this.
    shutil.rmtree(settings.warehouse, ignore_errors=True)
    build_new(settings, all_sources())
    truth = write_truth(settings.home, at=read_clock(settings.home))

    with duckdb.connect(settings.warehouse_file, read_only=True) as warehouse:
        yield Company(settings.home, warehouse, Path(truth))


def _make_and_land(settings):
    make(settings.home, scale=SCALE, end=END)
    with running(settings.home) as addresses, pytest.MonkeyPatch.context() as environment:
        for name, connection in connections(addresses).items():
            environment.setenv(name, connection)
        for source in enabled_sources(settings):
            land_one(settings, source.name, END)


@pytest.fixture(scope="session")
def snapshot_file(company, tmp_path_factory):
    """What readers see of the company, as publishing writes it."""
    settings = load_settings(home=company.home)
    build = current_build(settings, standing_build_id(settings))
    file = tmp_path_factory.mktemp("snapshot") / "marts.duckdb"
    write_snapshot(settings, build, file, read_clock(company.home))
    return file


@pytest.fixture(scope="session")
def snapshot(snapshot_file):
    with duckdb.connect(snapshot_file, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def definitions(snapshot):
    """The metrics' definitions, as they travel with the snapshot."""
    return read_definitions(snapshot)
