"""The truth, against figures worked out anew from what the systems show."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from tests.sandbox.test_statements import statements
from umlauf.sandbox.truth import write_truth

pytestmark = pytest.mark.integration

BERLIN = ZoneInfo("Europe/Berlin")
LAST_DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def truth(tiny):
    folder = write_truth(tiny.home)
    return lambda name: pq.read_table(folder / f"{name}.parquet").to_pylist()


def business_date(stamp):
    return datetime.fromisoformat(stamp.replace(" ", "T")[:19]).replace(
        tzinfo=UTC
    ).astimezone(BERLIN).date()  # fmt: skip


def every_day(first):
    return (first + timedelta(days=n) for n in range((LAST_DAY - first).days + 1))


def test_stock_of_every_day_is_what_the_erps_done_lines_add_up_to(tiny, truth):
    houses = {
        place["id"]: place["complete_name"].split("/")[0]
        for place in tiny.records("stock.location").values()
        if place["usage"] == "internal"
    }
    codes = {p["id"]: p["default_code"] for p in tiny.records("product.product").values()}
    changes = defaultdict(lambda: defaultdict(float))
    for line in tiny.records("stock.move.line").values():
        if line["state"] == "done":
            for side, sign in (("location_id", -1), ("location_dest_id", 1)):
                if house := houses.get(line[side][0]):
                    key = (codes[line["product_id"][0]], house)
                    day = business_date(line["date"])
                    changes[key][day] += sign * line["quantity_product_uom"]
    expected = {}
    for key, days in changes.items():
        level = 0.0
        for day in every_day(min(days)):
            level += days.get(day, 0)
            expected[day, *key] = level

    told = {
        (row["day"], row["product_code"], row["warehouse_code"]): row["on_hand_units"]
        for row in truth("stock_daily")
    }

    assert {key: units for key, units in told.items() if units} == {
        key: units for key, units in expected.items() if units
    }


def test_stock_value_is_units_at_the_standard_price_of_the_day(tiny, truth):
    codes = {p["id"]: p["default_code"] for p in tiny.records("product.product").values()}
    prices = defaultdict(list)
    for value in tiny.records("product.value").values():
        code = codes[value["product_id"][0]]
        prices[code].append((business_date(value["date"]), value["date"], value["value"]))
    for row in truth("stock_daily"):
        price = max(p for p in prices[row["product_code"]] if p[0] <= row["day"])[2]
        assert row["value"] == row["on_hand_units"] * Decimal(str(price))


def test_cash_of_every_day_is_what_the_statements_say(tiny, truth):
    seen = set()
    balance = {}
    by_day = {
        (account, day): rest for account, day, _, *rest in statements(tiny, tiny.meta["clock"])
    }
    for row in truth("cash_daily"):
        key = (row["account"], row["day"].isoformat())
        assert row["opening"] + row["inflow"] - row["outflow"] == row["closing"]
        assert row["opening"] == balance.get(row["account"], row["opening"])
        assert row["is_statement_day"] == (key in by_day)
        if row["is_statement_day"]:
            opening, amounts, closing = by_day[key]
            assert (row["opening"], row["closing"]) == (opening, closing)
            assert row["inflow"] == sum(amount for amount in amounts if amount > 0)
        balance[row["account"]] = row["closing"]
        seen.add(row["day"])

    assert max(seen) == LAST_DAY


@pytest.mark.parametrize(("ledger", "kind", "sign"), [
    ("receivable", "asset_receivable", 1), ("payable", "liability_payable", -1),
])  # fmt: skip
def test_what_is_open_on_the_last_day_is_the_erps_residual(tiny, truth, ledger, kind, sign):
    accounts = {a["id"] for a in tiny.records("account.account").values()
                if a["account_type"] == kind}  # fmt: skip
    expected = defaultdict(Decimal)
    for line in tiny.records("account.move.line").values():
        if line["account_id"][0] in accounts and line["parent_state"] == "posted":
            expected[str(line["move_id"][0])] += sign * Decimal(str(line["amount_residual"]))

    told = {row["move_id"]: row["open_amount_company"] for row in truth(f"{ledger}_daily")
            if row["day"] == LAST_DAY}  # fmt: skip

    assert told == {move: amount for move, amount in expected.items() if amount}


def test_deals_stand_as_the_crm_shows_them(tiny, truth):
    told = {row["deal_id"]: row for row in truth("deal")}
    shown = tiny.records("deals")

    assert set(told) == {str(key) for key in shown}
    for deal in shown.values():
        row, properties = told[deal["id"]], deal["properties"]
        amount = properties["amount"]
        assert row["stage_id"] == properties["dealstage"]
        assert row["amount"] == (None if amount is None else Decimal(amount))
        assert row["owner_id"] == properties["hubspot_owner_id"]
        assert row["close_date"] == business_date(properties["closedate"])


def test_the_pipeline_of_every_day_follows_from_the_property_histories(tiny, truth):
    expected = defaultdict(dict)
    for deal in tiny.records("deals").values():
        history = {
            name: [(business_date(e["timestamp"]), e["value"]) for e in entries[::-1]]
            for name, entries in deal["propertiesWithHistory"].items()
        }
        for day in every_day(history["dealstage"][0][0]):
            state = {
                name: ([value for at, value in entries if at <= day] or [None])[-1]
                for name, entries in history.items()
            }
            if not state["dealstage"].startswith("closed"):
                expected[day][deal["id"]] = (
                    state["dealstage"], state["amount"] and Decimal(state["amount"]),
                    business_date(state["closedate"]),
                )  # fmt: skip

    told = defaultdict(dict)
    for row in truth("pipeline_daily"):
        told[row["day"]][row["deal_id"]] = (
            row["stage_id"], row["amount"], row["expected_close_date"]
        )  # fmt: skip

    assert told == expected


def test_an_earlier_moment_knows_less(tiny, tmp_path):
    moment = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)

    folder = write_truth(tiny.home, moment)
    rows = pq.read_table(folder / "cash_daily.parquet").to_pylist()
    write_truth(tiny.home)

    assert max(row["day"] for row in rows) == date(2026, 3, 1)


def test_promises_are_kept_broken_and_late_by_turns(truth):
    lines = truth("purchase_line")
    late = [line for line in lines if line["received_date"] and
            line["received_date"] > line["promised_date"]]  # fmt: skip
    short = [line for line in lines if 0 < line["received_units"] < line["ordered_units"]]

    assert 0.1 < len(late) / len(lines) < 0.7
    assert short
