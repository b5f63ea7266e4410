"""Which columns a column is made of: told by the SQL, shown by what changes with them."""

import json
import logging

import duckdb
import pytest

from umlauf.publish import column_lineage as module
from umlauf.publish.column_lineage import model_columns, staging_lineage

MODELS = {
    "staging.stg_deals": "select id as deal_id, amount, rate_day, stage from raw",
    "staging.stg_rates": "select day, rate from rates",
    "seeds.stages": None,
    "intermediate.int_valued": """
        with deals as (select * from "warehouse"."staging"."stg_deals"),
        rates as (select * from "warehouse"."staging"."stg_rates")
        select deals.deal_id, deals.stage, deals.amount * rates.rate as amount_reporting,
            row_number() over (partition by deals.stage order by deals.rate_day) as place
        from deals left join rates on deals.rate_day = rates.day
    """,
    "pipeline.fct_stage": """
        select valued.stage, stages.title, sum(valued.amount_reporting) as total, count(*) as n,
            (select max(r.rate) from "warehouse"."staging"."stg_rates" as r) as highest,
            date '2026-03-31' as day
        from "warehouse"."intermediate"."int_valued" as valued
        inner join "warehouse"."seeds"."stages" as stages on valued.stage = stages.stage
        group by valued.stage, stages.title
        union all
        select 'none', 'none', 0, 0, 0, date '2026-03-31'
    """,
}
COLUMNS = {
    "staging.stg_deals": ["deal_id", "amount", "rate_day", "stage"],
    "staging.stg_rates": ["day", "rate"],
    "seeds.stages": ["stage", "title"],
    "intermediate.int_valued": ["deal_id", "stage", "amount_reporting", "place"],
    "pipeline.fct_stage": ["stage", "title", "total", "n", "highest", "day"],
}
READS = {
    "intermediate.int_valued": ["staging.stg_deals", "staging.stg_rates"],
    "pipeline.fct_stage": ["intermediate.int_valued", "seeds.stages", "staging.stg_rates"],
}
TRUTH = {
    ("staging.stg_deals", "stage", "pipeline.fct_stage", "stage"),
    ("seeds.stages", "title", "pipeline.fct_stage", "title"),
    ("staging.stg_deals", "amount", "pipeline.fct_stage", "total"),
    ("staging.stg_rates", "rate", "pipeline.fct_stage", "total"),
    ("staging.stg_rates", "rate", "pipeline.fct_stage", "highest"),
}


@pytest.fixture
def write(settings):
    def write(models):
        nodes = {
            f"model.umlauf.{name}": {
                "resource_type": "model" if sql else "seed",
                "schema": name.partition(".")[0],
                "name": name.partition(".")[2],
                "fqn": ["umlauf", "marts" if name.startswith("pipeline") else name.split(".")[0]],
                "compiled_code": sql,
                "depends_on": {"nodes": [f"model.umlauf.{one}" for one in READS.get(name, ())]},
            }
            for name, sql in models.items()
        }
        file = settings.warehouse / "dbt" / "manifest.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"nodes": nodes}))

    write(MODELS)
    return write


def test_a_mart_s_column_leads_down_to_staging_and_seeds(settings, write):
    assert set(staging_lineage(settings, COLUMNS)) == TRUTH


def test_a_model_that_adds_to_itself_is_not_made_of_itself(settings, write):
    added = (
        MODELS["intermediate.int_valued"]
        + """
        union all select deal_id, stage, amount_reporting, place
        from "warehouse"."intermediate"."int_valued"
    """
    )
    write(MODELS | {"intermediate.int_valued": added})

    assert set(staging_lineage(settings, COLUMNS)) == TRUTH


def test_only_what_it_names_changes_a_column(write):
    """Change one column of staging at a time, and see in DuckDB which of the mart's change."""
    tables = {
        "staging.stg_deals": "select 1 as deal_id, 7 as amount, date '2026-01-01' as rate_day, "
        "'s' as stage",
        "staging.stg_rates": "select date '2026-01-01' as day, 3 as rate",
        "seeds.stages": "select 's' as stage, 'Offer' as title",
    }
    changes = {
        ("staging.stg_deals", "amount"): "8",
        ("staging.stg_deals", "deal_id"): "2",
        ("staging.stg_rates", "rate"): "4",
        ("seeds.stages", "title"): "'Won'",
    }

    def mart(changed=None, to=""):
        with duckdb.connect() as connection:
            connection.execute("attach ':memory:' as warehouse; use warehouse")
            for name, sql in tables.items():
                schema = name.partition(".")[0]
                connection.execute(f"create schema if not exists {schema}")
                instead = (
                    f"* replace ({to} as {changed[1]})" if changed and changed[0] == name else "*"
                )
                connection.execute(f"create table {name} as select {instead} from ({sql})")
            connection.execute("create schema intermediate")
            inner = MODELS["intermediate.int_valued"]
            connection.execute(f"create view intermediate.int_valued as {inner}")
            found = connection.execute(f"{MODELS['pipeline.fct_stage']} order by n desc")
            return dict(zip(COLUMNS["pipeline.fct_stage"], found.fetchone(), strict=True))

    before = mart()
    for changed, to in changes.items():
        after = mart(changed, to)
        differ = {name for name in before if before[name] != after[name]}
        assert differ == {row[3] for row in TRUTH if row[:2] == changed}


def test_what_has_been_read_is_not_read_again_unless_its_model_changed(
    settings, write, monkeypatch
):
    before = model_columns(settings, COLUMNS)
    traced = []
    trace = module._traced
    monkeypatch.setattr(module, "_traced", lambda *a: traced.append(a[0]) or trace(*a))

    night = {name: sql and sql.replace("2026-03-31", "2026-04-01") for name, sql in MODELS.items()}
    write(night)
    assert (model_columns(settings, COLUMNS), traced) == (before, [])

    other = MODELS["intermediate.int_valued"].replace("* rates.rate", "")
    write(night | {"intermediate.int_valued": other})
    after = model_columns(settings, COLUMNS)
    assert traced == ["intermediate.int_valued"]
    assert after["intermediate.int_valued"]["amount_reporting"] == [("staging.stg_deals", "amount")]


def test_a_damaged_cache_is_found_again(settings, write):
    before = model_columns(settings, COLUMNS)
    (settings.home / "cache" / "column_lineage.json").write_text('{"half')

    assert model_columns(settings, COLUMNS) == before


def test_a_model_that_cannot_be_read_is_left_out_and_named(settings, write, caplog):
    write(MODELS | {"intermediate.int_valued": "select from where"})

    with caplog.at_level(logging.WARNING):
        found = model_columns(settings, COLUMNS)

    assert "intermediate.int_valued: nobody knows" in caplog.text
    assert "intermediate.int_valued" not in found
    assert ("staging.stg_rates", "rate", "pipeline.fct_stage", "highest") in set(
        staging_lineage(settings, COLUMNS)
    )


def test_whatever_the_parser_raises_the_marts_are_published_without_it(
    settings, write, monkeypatch, caplog
):
    def crash(*_, **__):
        raise RecursionError("too deep")

    monkeypatch.setattr("sqlglot.lineage.lineage", crash)
    write(MODELS)

    assert model_columns(settings, COLUMNS) == {}
    assert "pipeline.fct_stage: nobody knows what its columns are made of: too deep" in caplog.text
