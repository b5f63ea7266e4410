"""The manifest names whole files of one build, whichever readers see, wherever a writer died."""

import hashlib
import json
import os
import signal
import subprocess
import sys

import duckdb
import pyarrow.parquet as pq
import pytest

from umlauf.errors import ConfigError, LeaseLost
from umlauf.landing.lease import hold_lease
from umlauf.publish.parquet import publish_parquet

pytestmark = pytest.mark.integration

ONE, TWO, THREE = (f"2026040{day}T030000Z-0123456789" for day in (1, 2, 3))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "lake"


@pytest.fixture
def copy(settings, folder):
    def copied():
        with hold_lease(settings.leases, "copies", 0) as lease:
            return publish_parquet(settings, folder, lease)

    return copied


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def seen(folder):
    """Return the builds that a reader finds who goes by the manifest, and how many deals."""
    files = {one["table"]: str(folder / one["file"]) for one in manifest(folder)["tables"]}
    deals = duckdb.read_parquet(files["pipeline.fct_deal"])
    assert (
        deals.count("*").fetchone()
        == duckdb.read_parquet(files["pipeline.fct_deal_daily"]).count("*").fetchone()
    )
    return deals.aggregate("build_id, count(*)").fetchall()


def test_files_hold_what_the_snapshot_holds_and_the_manifest_describes_them(show, folder, copy):
    show(ONE)

    done = copy()

    stated = manifest(folder)
    assert (stated["build_id"], stated["as_of"], done.rows) == (ONE, "2026-03-31", 22)
    for table in stated["tables"]:
        file = folder / table["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == table["sha256"]
        assert file.stat().st_size == table["bytes"]
        assert pq.read_metadata(file).num_rows == table["rows"]
        assert pq.read_schema(file).names == [column["name"] for column in table["columns"]]
    deal = next(one for one in stated["tables"] if one["table"] == "pipeline.fct_deal")
    assert (deal["key"], deal["comment"]) == (["deal_id"], "One row per deal; it's small.")
    assert deal["columns"][0] == {"name": "deal_id", "type": "VARCHAR", "comment": "The CRM's."}
    assert "intermediate.int_rates" not in {one["table"] for one in stated["tables"]}


def test_money_stays_decimal_and_stamps_say_that_they_are_utc(show, folder, copy):
    show(ONE)
    copy()

    kinds = pq.read_schema(folder / ONE / "pipeline" / "fct_deal.parquet")

    assert str(kinds.field("amount").type) == "decimal128(18, 2)"
    assert str(kinds.field("changed_at").type) == "timestamp[us, tz=UTC]"


def test_the_build_before_stays_for_who_still_reads_it_and_to_go_back_to(show, folder, copy):
    (folder / "of somebody else").mkdir(parents=True)
    for build_id in (ONE, TWO, THREE):
        show(build_id)
        copy()
        assert seen(folder) == [(build_id, 10)]
    assert {file.name for file in folder.iterdir()} == {
        TWO, THREE, "manifest.json", "of somebody else"
    }  # fmt: skip

    show(TWO)
    assert copy().rows == 0
    assert seen(folder) == [(TWO, 10)]


def test_a_build_that_lost_its_manifest_is_written_again(show, folder, copy):
    show(ONE)
    copy()
    (folder / ONE / "manifest.json").unlink()

    assert copy().rows == 22


def test_a_publisher_that_wakes_too_late_changes_nothing(settings, show, folder, copy):
    show(TWO)
    with hold_lease(settings.leases, "copies", 0) as lease:
        lease.file.unlink()  # so that another may own it
        copy()
        show(ONE)
        with pytest.raises(LeaseLost):
            publish_parquet(settings, folder, lease)

    assert seen(folder) == [(TWO, 10)]


def test_before_the_first_build_there_is_nothing_to_copy(copy):
    with pytest.raises(ConfigError, match="nothing is published yet"):
        copy()


KILLED = """
import os, signal, sys
from pathlib import Path
from umlauf.chaos.steps import Steps, kill
from umlauf.landing.lease import hold_lease
from umlauf.publish.parquet import publish_parquet
from umlauf.settings import load_settings

settings, folder, step = load_settings(home=sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
with hold_lease(settings.leases, "copies", 0) as lease:
    Steps(home=folder, at=step, act=kill).install()
    publish_parquet(settings, folder, lease)
"""


def test_killed_before_any_step_readers_see_the_old_build_or_the_new(settings, show, folder, copy):
    killed = 0
    for step in range(1, 60):
        show(ONE)
        copy()
        show(TWO)
        command = [sys.executable, "-c", KILLED, str(settings.home), str(folder), str(step)]
        ended = subprocess.run(command, env=os.environ, check=False, capture_output=True, text=True)

        assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
        assert seen(folder) in ([(ONE, 10)], [(TWO, 10)])
        copy()
        assert seen(folder) == [(TWO, 10)]
        assert list(folder.glob("*.partial")) == []
        if ended.returncode == 0:
            break
        killed += 1

    assert 7 < killed < 59
