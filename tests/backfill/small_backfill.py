"""A backfill without a source or dbt: landed batches, a small build in the staging, its suites."""

import json
from dataclasses import replace
from datetime import timedelta

import duckdb

from tests.quality.small_build import AT, BUILD_ID, DAY, make_build
from umlauf.backfill.staging import Request, open_staging, staged
from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.publish.snapshot import publish_build
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import landed_build_id

REQUEST = Request(first=DAY - timedelta(days=9), last=DAY, names=("hubspot",))


def land(settings, *keys, at=AT, day=DAY, source="hubspot", part=0):
    """Land deals, as a night or a fetch does."""
    about = BatchAbout(
        source=source, stream="deals", day=day, fetched_at=at, part=part, is_complete=True,
        window_end=AT, rows_fetched=len(keys), requests=1,
    )  # fmt: skip
    rows = record_table(list(keys), [at] * len(keys), ["{}"] * len(keys), at)
    return commit_batch(settings.landing_root, about, rows)


def published(settings, tmp_path):
    """Land, state and publish a first build; return it."""
    land(settings, "1", "2")
    build = make_build(settings, tmp_path / "expectations")
    publish_build(settings, BUILD_ID, at=AT)
    return build


def backfilled(settings, tmp_path, request=REQUEST):
    """Stage a backfill that fetched two batches and a kept file; return its build's id.

    Its build says 9.00 where the published one says 5.00.
    """
    open_staging(settings, request)
    ours = staged(settings)
    for part, key in enumerate(("3", "4")):
        land(ours, key, at=AT + timedelta(hours=1), day=REQUEST.last - timedelta(days=3), part=part)
    kept = ours.landing_root / "bank" / "files" / "day=2026-03-28" / "0a.bin"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"statement")
    build = make_build(ours, tmp_path / "expectations")
    build_id = landed_build_id(ours, all_sources())
    with duckdb.connect(ours.warehouse_file) as connection:
        connection.execute("update pipeline.fct_deal set amount = 9")
    build.state(build_id)
    return replace(build, settings=settings), build_id


def ask(settings, sql="select build_id, amount::varchar from pipeline.fct_deal"):
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def standing(settings):
    """Return the build in the nights' warehouse."""
    return json.loads((settings.warehouse / "build.json").read_bytes())["build_id"]
