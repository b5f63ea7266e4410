"""Quants are the sum of done moves, and no shelf is ever below empty."""

from collections import defaultdict

import pytest

from tests.sandbox.conftest import AFTER_ALL

pytestmark = pytest.mark.integration


def signed_moves(tiny, at=None):
    """Yield (day, product, place, units) for every internal place a done line touches."""
    rooms = {
        place["id"] for place in tiny.records("stock.location").values()
        if place["usage"] == "internal"
    }  # fmt: skip
    for line in tiny.records("stock.move.line", at).values():
        if line["state"] == "done":
            for side, sign in (("location_id", -1), ("location_dest_id", 1)):
                if line[side][0] in rooms:
                    units = sign * line["quantity_product_uom"]
                    yield line["date"], line["product_id"][0], line[side][0], units


def test_quants_are_the_sum_of_done_moves(tiny):
    for at in (None, AFTER_ALL):
        sums = defaultdict(float)
        for _, product, place, units in signed_moves(tiny, at):
            sums[product, place] += units

        quants = {
            (quant["product_id"][0], quant["location_id"][0]): quant["quantity"]
            for quant in tiny.records("stock.quant", at).values()
        }

        assert {key: units for key, units in sums.items() if units} == {
            key: units for key, units in quants.items() if units
        }


def test_what_is_reserved_is_reserved_by_moves(tiny):
    held = defaultdict(float)
    for line in tiny.records("stock.move.line").values():
        if line["state"] == "assigned":
            held[line["product_id"][0], line["location_id"][0]] += line["quantity_product_uom"]
    for quant in tiny.records("stock.quant").values():
        key = (quant["product_id"][0], quant["location_id"][0])
        assert quant["reserved_quantity"] == held[key]
        assert quant["reserved_quantity"] <= quant["quantity"]


def test_no_shelf_is_below_empty_at_the_end_of_any_day(tiny):
    by_day = defaultdict(lambda: defaultdict(float))
    for stamp, product, place, units in signed_moves(tiny, AFTER_ALL):
        by_day[product, place][stamp[:10]] += units
    for days in by_day.values():
        level = 0.0
        for day in sorted(days):
            level += days[day]
            assert level >= 0


def test_some_moves_are_posted_later_than_their_day(tiny):
    late = [
        move for move in tiny.records("stock.move", AFTER_ALL).values()
        if move["state"] == "done" and move["date"][:10] < move["write_date"][:10]
    ]  # fmt: skip

    assert late


def test_a_purchase_in_packs_moves_ten_units_each(tiny):
    lines = [
        line for line in tiny.records("stock.move.line", AFTER_ALL).values()
        if line["product_uom_id"][1] == "Pack of 10"
    ]  # fmt: skip

    assert all(line["quantity"] * 10 == line["quantity_product_uom"] for line in lines)


def test_goods_that_leave_are_valued_at_standard_price(tiny):
    prices = defaultdict(list)
    for value in tiny.records("product.value").values():
        prices[value["product_id"][0]].append((value["date"], value["value"]))
    rooms = {p["id"] for p in tiny.records("stock.location").values() if p["usage"] == "internal"}
    checked = 0
    for move in tiny.records("stock.move").values():
        if not move["is_out"] or move["write_date"][:10] != move["date"][:10]:
            continue
        assert move["location_id"][0] in rooms
        in_force = max(p for p in prices[move["product_id"][0]] if p[0] <= move["write_date"])
        units = move["quantity"] * (10 if move["product_uom"][1] == "Pack of 10" else 1)
        assert round(in_force[1] * units, 2) == move["value"]
        checked += 1

    assert checked > 500
