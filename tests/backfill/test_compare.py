"""What differs between two builds, against differences put there by hand."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from umlauf.backfill.compare import compare
from umlauf.backfill.difference import DayDifference, MoneyDifference
from umlauf.backfill.show import FULL, SHORT, full_lines, headline, markdown, short_lines
from umlauf.backfill.staging import staged

pytestmark = pytest.mark.integration

OLD, NEW = "20261120T033000Z-00000000aa", "20261121T033000Z-00000000bb"
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
KEYS = {"fct_bank_entry": ("unique", "entry_id"), "fct_item_daily": ("spans", ["item_id"])}


def key_tests(name):
    """Return the test nodes of dbt's manifest that say which columns are a model's key."""
    if name not in KEYS:
        return {}
    kind, key = KEYS[name]
    about = {"name": "spans_do_not_overlap" if kind == "spans" else kind}
    about["kwargs"] = {"columns": key}
    node = {"resource_type": "test", "test_metadata": about, "name": "t", "column_name": key}
    return {f"test.{name}": node | {"attached_node": f"model.{name}", "fqn": ["umlauf", "t"]}}


def write(file, marts, build_id=None):
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(file) as connection:
        for relation, query in marts.items():
            schema = relation.partition(".")[0]
            extra = f", '{build_id}' as build_id" if build_id else ""
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {relation} as select *{extra} from ({query})")


@pytest.fixture
def difference(settings, monkeypatch):
    """Compare two sets of marts: relation to query."""

    def of(old, new):
        ours = staged(settings)
        dates = {"core.dim_date": "select date '2026-11-16' as day"}
        write(ours.warehouse_file, dates | new)
        if old is not None:
            write(settings.marts_file, dates | old, OLD)
        nodes = {}
        for relation in {*new, "core.dim_date"}:
            schema, _, name = relation.partition(".")
            nodes[f"model.{name}"] = {
                "resource_type": "model", "name": name, "schema": schema, "description": "",
                "fqn": ["umlauf", "marts", name], "columns": {}, "compiled_code": "",
                "config": {"materialized": "table"}, "depends_on": {"nodes": []},
            }  # fmt: skip
            nodes |= key_tests(name)
        monkeypatch.setattr("umlauf.publish.marts.read_manifest", lambda _: {"nodes": nodes})
        return compare(settings, ours, NEW)

    return of


def entries(*rows):
    values = ", ".join(f"({row})" for row in rows)
    return {
        "cash_flow.fct_bank_entry": f"""
            select entry_id::varchar as entry_id, booking_date::date as booking_date,
                currency_code, amount::decimal(18, 2) as amount,
                amount_reporting::decimal(18, 2) as amount_reporting, units::decimal(18, 4) as units
            from (values {values}) as t(
                entry_id, booking_date, currency_code, amount, amount_reporting, units)
        """
    }


KEPT = "1, '2026-11-16', 'EUR', 100, 100, 1"
USD = "2, '2026-11-17', 'USD', 50.25, 45.10, 1"
SAME = entries(KEPT, USD)


def moved(column, currency, old, new):
    sums = {"old": old and Decimal(old), "new": new and Decimal(new)}
    return MoneyDifference(column=column, currency=currency, **sums)


def test_the_same_rows_in_another_order_do_not_differ(difference):
    found = difference(entries(KEPT, USD), entries(USD, KEPT))

    assert found.marts == ()
    assert found.compared == 2
    assert (found.old_build_id, found.new_build_id) == (OLD, NEW)
    assert headline(found).startswith("0 of 2 marts differ")


def test_rows_and_money_are_told_by_day_and_currency(difference):
    new = entries(
        KEPT, "2, '2026-11-17', 'USD', 50.25, 46.00, 1", "3, '2026-11-17', 'EUR', 7, 7, 1"
    )

    (mart,) = difference(SAME, new).marts

    assert (mart.mart, mart.old_rows, mart.new_rows) == ("cash_flow.fct_bank_entry", 2, 3)
    assert mart.days == (
        DayDifference(
            day=TUESDAY, added=1, removed=0, changed=1,
            money=(
                moved("amount", "EUR", None, "7.00"),
                moved("amount_reporting", "EUR", "45.10", "53.00"),
            ),
        ),
    )  # fmt: skip


def test_a_row_that_is_gone_takes_its_money_along(difference):
    (mart,) = difference(SAME, entries(KEPT)).marts

    assert mart.days == (
        DayDifference(
            day=TUESDAY, added=0, removed=1, changed=0,
            money=(
                moved("amount", "USD", "50.25", None),
                moved("amount_reporting", "EUR", "45.10", None),
            ),
        ),
    )  # fmt: skip


def test_a_row_that_changes_its_day_moves_money_on_both(difference):
    (mart,) = difference(SAME, entries(KEPT.replace("11-16", "11-17"), USD)).marts

    assert [(day.day, day.changed) for day in mart.days] == [(MONDAY, 0), (TUESDAY, 1)]
    assert [[str(one.moved) for one in day.money] for day in mart.days] == [
        ["-100.00", "-100.00"], ["100.00", "100.00"]
    ]  # fmt: skip
    assert [one.moved for one in mart.money()] == [0, 0]


def test_a_change_that_moves_no_money_is_told_all_the_same(difference):
    (mart,) = difference(SAME, entries(KEPT.removesuffix("1") + "9", USD)).marts

    assert [(day.day, day.changed, day.money) for day in mart.days] == [(MONDAY, 1, ())]


def test_without_a_key_equal_rows_are_counted(difference):
    rows = "select 'a' as name, 1::decimal(18, 2) as amount_reporting union all "
    once, twice = rows + "select 'b', 2", rows + rows + "select 'b', 2"

    (mart,) = difference({"inventory.agg": once}, {"inventory.agg": twice}).marts

    (day,) = mart.days
    assert (day.day, day.added, day.removed, day.changed) == (None, 1, 0, 0)
    assert day.money == (moved("amount_reporting", "EUR", "3.00", "4.00"),)


def test_a_key_of_several_columns_holds_with_nothing_in_one_of_them(difference):
    rows = "select date '2026-11-16' as day, {} as item_id, {}::decimal(18, 2) as open_amount"
    old = {"cash_flow.fct_item_daily": rows.format("null::varchar", 5)}
    new = {"cash_flow.fct_item_daily": rows.format("null::varchar", 6)}

    (mart,) = difference(old, new).marts

    assert [(day.added, day.removed, day.changed) for day in mart.days] == [(0, 0, 1)]


def test_columns_that_came_or_went_are_named_and_not_compared(difference):
    old = {"core.dim_x": "select 1 as x_id, 'a' as gone"}
    new = {"core.dim_x": "select 1 as x_id, 'b' as came"}

    (mart,) = difference(old, new).marts

    assert (mart.columns, mart.days) == (("+came", "-gone"), ())


def test_a_new_mart_is_all_added_and_one_that_is_gone_all_removed(difference):
    found = difference({"core.dim_old": "select 1 as a"}, {"core.dim_new": "select 1 as a"})

    assert [(mart.mart, mart.old_rows, mart.new_rows) for mart in found.marts] == [
        ("core.dim_new", 0, 1), ("core.dim_old", 1, 0)
    ]  # fmt: skip
    assert [(mart.days[0].added, mart.days[0].removed) for mart in found.marts] == [(1, 0), (0, 1)]


def test_before_the_first_publishing_everything_is_added(difference):
    found = difference(None, SAME)

    assert found.old_build_id is None
    assert {mart.mart for mart in found.marts} == {"core.dim_date", "cash_flow.fct_bank_entry"}
    assert "nothing published yet" in headline(found)


def test_the_report_is_short_by_default_and_tells_every_day_in_full(difference):
    found = difference(SAME, entries("1, '2026-11-16', 'EUR', 99, 99, 1"))

    assert short_lines(found) == [
        ("cash_flow.fct_bank_entry", "2 -> 1", "0", "1", "1", "2: 2026-11-16..2026-11-17",
         "amount USD 50.25 -> 0.00 (-50.25)"),
    ]  # fmt: skip
    assert [line[1] for line in full_lines(found)] == ["2026-11-16", "2026-11-17"]
    assert "amount EUR 100.00 -> 99.00 (-1.00); amount_reporting" in full_lines(found)[0][-1]
    assert markdown(SHORT, short_lines(found)).count("\n") == 2
    assert len(FULL) == len(full_lines(found)[0])


def test_json_keeps_money_exact_and_days_as_iso(difference):
    stated = difference(SAME, entries(KEPT)).to_dict()

    day = stated["marts"][0]["days"][0]
    assert day["day"] == "2026-11-17"
    assert day["money"][0] == {"column": "amount", "currency": "USD", "old": "50.25", "new": None}
