"""When a build may add its news to the warehouse, and when it builds all anew."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from umlauf.errors import CheckFailed, LandingDamaged
from umlauf.landing.batch import SCHEMA, BatchAbout, commit_batch
from umlauf.landing.ledger import Landed
from umlauf.warehouse import build as building
from umlauf.warehouse.engine import duckdb_engine
from umlauf.warehouse.increment import (
    find_news,
    forget_state,
    keep_state,
    news_file,
    set_doubtful_aside,
    write_news,
)
from umlauf.warehouse.recipe import name_recipe

AT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
FIRST = BatchAbout(
    source="crm", stream="deals", day=date(2026, 11, 21), fetched_at=AT, payload_sha256="a"
)
# A backfill: an older day, landed later.
NEXT = replace(FIRST, day=date(2026, 3, 1), fetched_at=AT + timedelta(days=1), payload_sha256="b")
RECIPE = "models of today"


def landed(*batches):
    return Landed(batches=tuple((about, 1) for about in batches))


@pytest.fixture
def built(settings):
    """Return settings whose warehouse holds the first batch."""
    settings.warehouse.mkdir(parents=True)
    settings.warehouse_file.write_bytes(b"tables")
    keep_state(settings, landed(FIRST), RECIPE)
    for about in (FIRST, NEXT):
        commit_batch(settings.landing_root, about, SCHEMA.empty_table())
    return settings


def test_news_are_the_batches_that_the_warehouse_does_not_hold_whatever_their_day(built):
    news = find_news(built, landed(FIRST, NEXT), RECIPE)
    write_news(built, news)

    assert news == landed(NEXT)
    assert pq.read_table(news_file(built)).to_pylist() == [
        {"source": "crm", "stream": "deals", "file": str(NEXT.file_below(built.landing_root))}
    ]


def test_nothing_new_is_no_reason_to_build_all_anew(built):
    assert find_news(built, landed(FIRST), RECIPE) == landed()


def test_an_empty_declared_batch_is_no_news(built):
    declared = replace(NEXT, kind="declared", fetched_at=AT - timedelta(days=900))

    assert find_news(built, landed(FIRST, declared), RECIPE) == landed()


@pytest.mark.parametrize(
    ("batches", "recipe", "reason"),
    [
        ((FIRST, NEXT), "models of tomorrow", "models, settings or code have changed"),
        ((NEXT,), RECIPE, "a batch is gone from landing"),
        ((replace(FIRST, payload_sha256="rewritten"),), RECIPE, "a batch is gone from landing"),
        ((FIRST, replace(NEXT, fetched_at=AT)), RECIPE, "was fetched before what is known"),
    ],
)
def test_what_is_in_doubt_is_built_anew(built, batches, recipe, reason, caplog):
    caplog.set_level(logging.INFO, logger="umlauf")

    assert find_news(built, landed(*batches), recipe) is None
    assert reason in caplog.text


def test_a_build_that_was_killed_leaves_no_state_to_add_to(built):
    forget_state(built)

    assert find_news(built, landed(FIRST, NEXT), RECIPE) is None


@pytest.mark.parametrize("spoil", ["another file", "no file", "half a state"])
def test_a_warehouse_that_is_not_the_one_that_was_built_is_not_added_to(built, spoil):
    if spoil == "another file":
        built.warehouse_file.write_bytes(b"tables of another day")
    elif spoil == "no file":
        built.warehouse_file.unlink()
    else:
        (built.warehouse / "state.json").write_text('{"recipe": "mod')

    assert find_news(built, landed(FIRST, NEXT), RECIPE) is None


def test_a_build_that_fails_leaves_no_state(built, monkeypatch):
    def fail(*_, **__):
        assert not (built.warehouse / "state.json").exists()
        raise CheckFailed("a test failed")

    monkeypatch.setattr(building, "run_dbt", fail)
    variables = building._variables(built, [], landed(FIRST, NEXT))

    with pytest.raises(CheckFailed):
        building._build(built, None, landed(FIRST, NEXT), variables, "x", is_full=False)

    assert find_news(built, landed(FIRST, NEXT), RECIPE) is None


@pytest.mark.parametrize("is_full", [True, False])
def test_a_damaged_batch_stops_the_build_before_dbt_touches_the_warehouse(
    built, monkeypatch, is_full
):
    monkeypatch.setattr(building, "run_dbt", lambda *_, **__: pytest.fail("dbt was started"))
    monkeypatch.setattr(building, "name_recipe", lambda *_: RECIPE)
    file = NEXT.file_below(built.landing_root)
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    variables = building._variables(built, [], landed(FIRST, NEXT))

    with pytest.raises(LandingDamaged, match=rf"{file.name} is damaged: .*umlauf verify"):
        building._build(built, None, landed(FIRST, NEXT), variables, "x", is_full=is_full)

    assert find_news(built, landed(FIRST, NEXT), RECIPE) == landed(NEXT)


def test_a_warehouse_without_a_finished_build_is_kept_aside_with_its_log(built):
    write_ahead = built.warehouse / "warehouse.duckdb.wal"
    write_ahead.write_bytes(b"cannot be replayed")
    set_doubtful_aside(built)
    assert built.warehouse_file.exists()
    forget_state(built)

    set_doubtful_aside(built)

    assert not built.warehouse_file.exists()
    assert (built.warehouse / "warehouse.duckdb.aside").read_bytes() == b"tables"
    assert (built.warehouse / "warehouse.duckdb.aside.wal").read_bytes() == b"cannot be replayed"
    assert not write_ahead.exists()


def test_another_night_is_the_same_recipe_and_another_setting_is_not(settings):
    first = building._variables(settings, [], landed(FIRST))
    second = building._variables(settings, [], landed(FIRST, NEXT))
    other = building._variables(
        settings.model_copy(update={"reporting_currency": "CHF"}), [], landed(FIRST)
    )

    engine = duckdb_engine()

    assert name_recipe(first, engine) == name_recipe(second, engine) != name_recipe(other, engine)
