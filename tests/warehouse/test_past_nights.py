"""Landing alone says again what every night said: on another day, machine or clock.

NIGHTS=60 pytest tests/warehouse/test_past_nights.py   more nights than `make test` has patience for
"""

import os
import shutil
import subprocess
import sys
from datetime import date, timedelta

import duckdb
import pytest

from umlauf.nightly import enabled_sources, land_one, rebuild_night, run_night
from umlauf.publish.snapshot import publish_build
from umlauf.sandbox.clock import advance, read_clock
from umlauf.sandbox.company import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import running
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import build_new

pytestmark = pytest.mark.e2e

END = date(2026, 11, 30)  # a month's last day, whose night all gates judge
NIGHTS = [END + timedelta(days=count) for count in range(int(os.environ.get("NIGHTS", "2")))]


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Land, build, check and publish nights that bring late rows, deletions and back-dated ones.

    Returns the settings, and each night's published snapshot kept aside.
    """
    home = tmp_path_factory.mktemp("nights") / "var"
    fast = {name: {"requests_per_second": 1e6} for name in ("bank", "hubspot", "odoo")}
    settings = load_settings(home=home, sources=fast)
    make(home, scale=0.05, seed=7, end=END)
    no_limits = RateLimits(requests_per_second=0, searches_per_second=0)
    kept = {}
    with running(home, limits=no_limits) as addresses, pytest.MonkeyPatch.context() as environment:
        for name, connection in connections(addresses).items():
            environment.setenv(name, connection)
        for day in NIGHTS:
            if day > END:
                advance(home, days=1)
            if (day - END).days % 10:
                quick_night(settings, day)
            else:
                night = run_night(settings, day, clock=lambda: read_clock(home))
                assert night.build_id
                assert not night.late
            kept[day] = shutil.copy(settings.marts_file, home / f"{day}.duckdb")
    return settings, kept


def quick_night(settings, day):
    """Land, build and publish; the gates and the page change nothing and take half the time."""
    for source in enabled_sources(settings):
        land_one(settings, source.name, day, clock=lambda: read_clock(settings.home))
    build = build_new(settings, all_sources())
    publish_build(settings, build.build_id, at=read_clock(settings.home))


def contents(file):
    """Return the rows of every table of a snapshot."""
    with duckdb.connect(file, read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by all"
        ).fetchall()
        return {
            name: connection.execute(f"from {name} order by all").fetchall() for (name,) in tables
        }


def differing(published, rebuilt):
    """Return the names of the tables that two snapshots do not agree on."""
    first, second = contents(published), contents(rebuilt)
    return [name for name in first | second if first.get(name) != second.get(name)]


def test_every_past_night_is_rebuilt_as_it_was_published(nights, tmp_path):
    settings, kept = nights
    before = {file: file.stat().st_mtime_ns for file in settings.home.rglob("*") if file.is_file()}

    for day, published in kept.items():
        past = rebuild_night(settings, day, tmp_path / "past.duckdb")

        assert past.published
        assert past.changed == ()
        assert differing(published, past.file) == []

    after = {file: file.stat().st_mtime_ns for file in settings.home.rglob("*") if file.is_file()}
    locks = {file for file in after if file.suffix == ".lock"}
    assert {file: after[file] for file in after if file not in locks} == {
        file: before[file] for file in before if file not in locks
    }


def test_landing_is_restored_to_the_same_marts_in_another_folder_and_time_zone(nights, tmp_path):
    settings, kept = nights
    moved = load_settings(home=tmp_path / "elsewhere")
    shutil.copytree(settings.landing_root, moved.landing_root)
    damaged = [moved.marts_file, moved.warehouse_file, moved.warehouse / "warehouse.duckdb.wal"]
    for file in damaged:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"what a broken disk left" * 1000)
    there = {"UMLAUF_HOME": str(moved.home), "TZ": "Pacific/Auckland", "LC_ALL": "C"}

    done = subprocess.run(
        [sys.executable, "-m", "umlauf.cli", "restore"],
        env=os.environ | there,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )

    expected = hashes(kept[NIGHTS[-1]])
    assert hashes(moved.marts_file) == expected
    same = f"{len(expected)} of {len(expected)} marts say what was published last"
    assert done.stdout.splitlines()[-1] == same
    assert "in all" in done.stdout


def test_nights_that_add_their_news_end_where_a_build_of_everything_does(nights):
    settings, kept = nights

    build = build_new(settings, all_sources(), is_full=True)
    publish_build(settings, build.build_id, at=read_clock(settings.home))

    assert hashes(settings.marts_file) == hashes(kept[NIGHTS[-1]])


def hashes(file):
    """Return the content hash that the newest build of a snapshot states of each mart."""
    with duckdb.connect(file, read_only=True) as connection:
        return connection.execute(
            "select mart, content_hash from trust.build "
            "where build_id = (select any_value(build_id) from core.dim_date) order by mart"
        ).fetchall()
