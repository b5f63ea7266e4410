"""A source that changes its fields: nights through contracts, dbt, gates and publishing."""

import json
import shutil

import duckdb
import pytest

from tests.truth.changed_records import changed
from umlauf.errors import CheckFailed
from umlauf.nightly import Night, finish_night
from umlauf.publish.content_hash import content_hash
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

ALL = 100_000
MARTS = """
select schema_name || '.' || table_name, list(column_name) filter (column_name <> 'build_id')
from duckdb_tables() join duckdb_columns() using (database_name, schema_name, table_name)
where database_name = current_database()
    and schema_name in ('core', 'pipeline', 'inventory', 'cash_flow')
group by all
"""
TOTALS = """
select
    (select sum(amount_reporting) from pipeline.fct_deal),
    (select count(*) from pipeline.fct_deal),
    (select sum(closing) from cash_flow.fct_cash_daily),
    (select sum(value_amount) from inventory.fct_stock_span)
"""


def hashes(connection):
    tables = connection.execute(MARTS).fetchall()
    return {table: content_hash(connection, table, sorted(columns)) for table, columns in tables}


def deals(settings, **edits):
    """Land every deal anew with other properties; one that is ... is left out."""

    def edit(deal):
        properties = deal["properties"] | edits
        return deal | {
            "properties": {name: value for name, value in properties.items() if value is not ...}
        }

    changed(settings, "hubspot", "deals", edit, wanted=ALL)


def warnings(marts, check):
    """Return subject and message of what the published build says against a check."""
    return marts.execute(
        "select subject, message from trust.quality_result "
        "where tool = 'contract' and check_name = $check and not is_passed "
        "and build_id = (select any_value(build_id) from core.dim_date)",
        {"check": check},
    ).fetchall()


@pytest.fixture(scope="module")
def home(company, tmp_path_factory):
    """The company's landing in a home of its own, where every night adds to the one before."""
    settings = load_settings(home=tmp_path_factory.mktemp("drift") / "var")
    shutil.copytree(company.truth.parents[1] / "landing", settings.landing_root)
    return settings


@pytest.fixture(scope="module")
def with_new_field(home):
    deals(home, renewal_risk="high")
    changed(home, "odoo", "account_move", lambda move: move | {"x_dunning": {"level": 2}}, ALL)
    finish_night(Night(), home)
    return home


@pytest.fixture(scope="module")
def without_optional(with_new_field):
    deals(with_new_field, dealname=..., dealtype={"de": "Neugeschäft"})
    finish_night(Night(), with_new_field)
    return with_new_field


def test_a_new_field_is_landed_and_reported_and_no_mart_changes(company, with_new_field):
    with duckdb.connect(with_new_field.marts_file, read_only=True) as marts:
        found = hashes(marts)
        warned = dict(warnings(marts, "every_field_is_accepted"))

    assert found == hashes(company.warehouse)
    assert set(warned) == {"hubspot.deals", "odoo.account_move"}
    assert "properties.renewal_risk: expected nothing, came text in" in warned["hubspot.deals"]
    assert "x_dunning.level: expected nothing, came number in" in warned["odoo.account_move"]
    landed = f"{with_new_field.landing_root}/hubspot/deals/day=*/*.parquet"
    kept = duckdb.sql(f"from read_parquet('{landed}') where payload like '%renewal_risk%'")
    assert kept.fetchone()


def test_optional_fields_that_go_or_change_are_empty_and_every_total_stays(
    company, without_optional
):
    with duckdb.connect(without_optional.marts_file, read_only=True) as marts:
        totals = marts.execute(TOTALS).fetchone()
        names = marts.execute("select count(deal_name) from pipeline.fct_deal").fetchone()
        ((subject, message),) = warnings(marts, "other_fields_came_as_promised")
    with duckdb.connect(without_optional.warehouse_file, read_only=True) as warehouse:
        kinds = warehouse.execute(
            "select count(deal_type) from staging.stg_hubspot__deals"
        ).fetchone()

    assert totals == company.warehouse.execute(TOTALS).fetchone()
    assert None not in totals
    assert names == kinds == (0,)
    assert subject == "hubspot.deals"
    assert "properties.dealname: expected text, came nothing in" in message
    assert "properties.dealtype: expected text, came object in" in message


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"amount": ...}, "properties.amount: expected number, came nothing in"),
        ({"amount": "12.345,67"}, "properties.amount: expected number, came text that is no"),
        ({"amount": {"value": 5}}, "properties.amount: expected number, came object in"),
        ({"dealstage": ..., "stage": "new"}, "properties.dealstage: expected text, came nothing"),
    ],
    ids=["gone", "number in another locale", "another type", "renamed"],
)
def test_a_required_field_that_goes_or_changes_stops_the_night_before_dbt(
    without_optional, tmp_path, edits, said
):
    settings = load_settings(home=tmp_path / "var")
    shutil.copytree(without_optional.home, settings.home)
    before = settings.marts_file.read_bytes()
    build = (settings.warehouse / "build.json").read_bytes()
    deals(settings, **edits)

    with pytest.raises(CheckFailed) as caught:
        finish_night(Night(), settings)

    assert said in str(caught.value)
    assert "`umlauf contract diff hubspot deals` shows all of it" in str(caught.value)
    assert settings.marts_file.read_bytes() == before
    assert (settings.warehouse / "build.json").read_bytes() == build
    landed = f"{settings.landing_root}/umlauf/checks/day=*/*.parquet"
    failed = duckdb.sql(f"select payload from read_parquet('{landed}') order by fetched_at desc")
    records = [json.loads(payload) for (payload,) in failed.fetchall()]
    assert any(one["tool"] == "contract" and said in one["message"] for one in records)
