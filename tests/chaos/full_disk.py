"""A child of test_full_disk.py: works on a disk of its own, small until somebody frees space.

    unshare --user --map-root-user --mount python -m tests.chaos.full_disk landing|publishing FOLDER

Prints as JSON what the error said, and what stood on the disk while it was full and afterwards.
"""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from tests.landing.fake_source import CONNECTION, FakeClient, fake_source, live
from tests.quality.small_build import AT, BUILD_ID, make_build
from umlauf.errors import SourceUnavailable
from umlauf.landing.land import land_day
from umlauf.publish.copies import write_copies
from umlauf.publish.snapshot import publish_build
from umlauf.settings import load_settings

DAY = date(2026, 11, 22)
STAMP = datetime(2026, 11, 20, 12, tzinfo=UTC)
THINGS = {f"{number:04}": STAMP for number in range(400)}
A_DAY = timedelta(days=1)
PLENTY = "size=256m"
NEXT = "20260402T030000Z-fedcba9876"


def mount(folder, *options):
    words = ["mount", "-t", "tmpfs", "-o", ",".join(options), "umlauf", str(folder)]
    subprocess.run(words, check=True)


def left_over(folder):
    return [file.name for file in folder.rglob("*") if "partial" in file.name]


def landing(folder):
    """Land 400 things, a batch of two at a time, where there is room for some of them."""
    mount(folder, "size=400k")
    settings = load_settings(home=folder).model_copy(update={"batch_rows": 2})
    now = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)

    def land(minutes):
        at = now + timedelta(minutes=minutes)
        land_day(fake_source(FakeClient(THINGS)), DAY, settings, CONNECTION, clock=lambda: at)

    error = failure_of(lambda: land(0))
    landed = len(live(settings))
    mount(folder, "remount", PLENTY)
    land(10)
    whole = live(settings) == THINGS
    return {"error": error, "landed": landed, "whole": whole, "left": left_over(folder)}


def publishing(folder):
    """Publish a second snapshot, then a copy of it, each where there is room for half of it."""
    mount(folder, PLENTY)
    settings = load_settings(home=folder).model_copy(update={"parquet_copy": folder / "copy"})
    build = make_build(settings, folder / "expectations")
    with duckdb.connect(settings.warehouse_file) as warehouse:
        amount = "(hash(i) % 100000)::decimal(18, 2) as amount"
        rows = f"select i as deal_id, {amount} from range(300000) as t(i)"
        warehouse.execute(f"create or replace table pipeline.fct_deal as {rows}")
    file = publish_build(settings, BUILD_ID, at=AT)
    build.state(NEXT)
    found = {}
    leave_room_for(folder, file.stat().st_size // 2)
    found["error"] = failure_of(lambda: publish_build(settings, NEXT, at=AT + A_DAY))
    found["shown"] = shown_by(file)
    mount(folder, "remount", PLENTY)
    publish_build(settings, NEXT, at=AT + A_DAY)
    found["then"] = shown_by(file)
    leave_room_for(folder, 100_000)
    found["copy"] = failure_of(lambda: write_copies(settings))
    mount(folder, "remount", PLENTY)
    found["copied"] = list(write_copies(settings))
    return found | {"left": left_over(folder)}


def leave_room_for(folder, size):
    used = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    mount(folder, "remount", f"size={used + size}")


def failure_of(work):
    try:
        work()
    except (OSError, SourceUnavailable) as error:
        return str(error)
    return ""


def shown_by(file):
    with duckdb.connect(file, read_only=True) as marts:
        return marts.execute(
            "select build_id, count(*) from pipeline.fct_deal group by all"
        ).fetchall()


if __name__ == "__main__":
    work = {"landing": landing, "publishing": publishing}[sys.argv[1]]
    sys.stdout.write(json.dumps(work(Path(sys.argv[2]))))
