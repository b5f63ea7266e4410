"""What makes a build new, and what counts as published."""

from datetime import UTC, date, datetime

import pytest
from tests.landing.fake_source import CONNECTION, FakeClient, fake_source

from umlauf.errors import NothingLanded
from umlauf.landing.batch import BatchAbout
from umlauf.landing.counted import expected_batches
from umlauf.landing.land import land_day
from umlauf.landing.ledger import Landed
from umlauf.warehouse import build as building
from umlauf.warehouse import published, recipe

AT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
ABOUT = BatchAbout(source="crm", stream="deals", day=date(2026, 11, 22), fetched_at=AT)
LANDED = Landed(batches=((ABOUT, 0),))


def build_id(settings):
    return recipe.name_build(LANDED, building._variables(settings, [], LANDED))


def test_the_same_landing_and_settings_give_the_same_build(settings):
    assert build_id(settings) == build_id(settings.model_copy())


@pytest.mark.parametrize(
    "changed",
    [
        {"reporting_currency": "CHF"},
        {"company_time_zone": "America/New_York"},
        {"fiscal_year_start_month": 4},
    ],
)
def test_a_setting_that_the_marts_depend_on_makes_a_new_build(settings, changed):
    assert build_id(settings.model_copy(update=changed)) != build_id(settings)


@pytest.mark.parametrize(
    "name",
    [
        "models/marts/core/dim_date.yml",
        "models/marts/core/dim_date.sql",
        "seeds/ageing_buckets.csv",
        "expectations/marts/fct_deal.yml",
        "dbt_project/dbt_project.yml",
    ],
)
def test_models_contracts_seeds_and_checks_are_part_of_a_build(name):
    assert any(str(file).endswith(name) for file in recipe.ingredients())


def test_what_dbt_leaves_behind_is_no_part_of_a_build():
    assert not any("target" in file.parts for file in recipe.ingredients())


def test_what_killed_runs_left_is_swept_by_the_next_build(settings):
    left = [
        settings.warehouse / "build.partial",
        settings.warehouse / "warehouse.duckdb.tmp" / "duckdb_temp_storage_DEFAULT-0.tmp",
        settings.marts_file.with_suffix(".20260401T030000Z-0123456789.partial"),
        settings.marts_file.with_suffix(".20260401T030000Z-0123456789.partial.wal"),
        settings.landing_root / "umlauf" / "checks" / "day=2026-03-31" / "x.1.partial",
    ]
    kept = [settings.warehouse_file, settings.warehouse / "dbt" / "partial_parse.msgpack"]
    for file in left + kept:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    with pytest.raises(NothingLanded):
        building.build_new(settings, [])

    assert [file for file in left if file.exists()] == []
    assert [file for file in kept if not file.exists()] == []


def test_a_build_notes_which_batches_there_were(settings, monkeypatch, ticking_clock):
    source = fake_source(FakeClient({"a": AT}))
    land_day(source, date(2026, 11, 22), settings, CONNECTION, clock=ticking_clock())
    monkeypatch.setattr(building, "_build", lambda *_, **__: None)  # dbt's part

    building.build_new(settings, [source])

    noted = expected_batches(settings.landing_root)
    assert [name for name in noted if name.startswith("fake/things/day=2026-11-22/")]
    assert all((settings.landing_root / name).exists() for name in noted)


def test_a_build_without_news_notes_nothing(settings, monkeypatch, ticking_clock):
    source = fake_source(FakeClient({"a": AT}))
    land_day(source, date(2026, 11, 22), settings, CONNECTION, clock=ticking_clock())
    monkeypatch.setattr(building, "_has_been_shown", lambda *_: True)

    assert building.build_new(settings, [source]) is None

    assert expected_batches(settings.landing_root) == []


@pytest.mark.integration
def test_a_snapshot_that_cannot_be_read_counts_as_none(settings, caplog):
    settings.marts_file.parent.mkdir(parents=True)
    settings.marts_file.write_bytes(b"half a file" * 1000)

    assert published.published_build_id(settings) is None
    assert published.published_known_on(settings) is None
    assert "cannot be read and is built anew" in caplog.text
