"""The same arguments give the same company, and it has what a company has."""

import hashlib
import json
from itertools import pairwise

import pytest

from tests.sandbox.conftest import AFTER_ALL, END, World
from umlauf.sandbox.company import make
from umlauf.sandbox.journal import FACTS, Diary
from umlauf.sandbox.stamps import iso

pytestmark = pytest.mark.integration


def content_hash(world):
    seen = hashlib.sha256()
    for table in ("record", "bank_file", "meta"):
        for row in world.rows(f"select * from {table} order by 1, 2, 3, 4" if table != "meta"
                              else "select * from meta order by key"):  # fmt: skip
            seen.update(repr(row).encode())
    diary = Diary(world.home, 1 << 60)
    for kind in FACTS:
        seen.update(repr(diary.facts(kind)).encode())
    return seen.hexdigest()


@pytest.mark.integration
def test_the_same_seed_makes_the_same_store_and_another_another(smallest, tmp_path):
    make(tmp_path / "again", 0.01, 7, END)
    make(tmp_path / "other", 0.01, 8, END)

    hashes = [
        content_hash(world)
        for world in (smallest, *map(World, (tmp_path / "again", tmp_path / "other")))
    ]

    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.integration
def test_making_anew_leaves_no_file_of_the_former_company(tmp_path):
    inbox = tmp_path / "sandbox" / "bank" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "old.xml").write_text("old")

    make(tmp_path, 0.01, 7, END)

    assert not (inbox / "old.xml").exists()
    assert not list((tmp_path / "sandbox").rglob("*.partial"))


def test_a_scale_of_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match="above 0, got 0 and 24"):
        make(tmp_path, scale=0)


def test_a_company_lives_as_many_months_as_asked_for_the_first_quarter_without_goods(tmp_path):
    make(tmp_path, 0.01, 7, END, months=8)
    young = World(tmp_path)
    done = [move for move in young.records("stock.move").values() if move["state"] == "done"]

    assert young.meta["start"] == "2026-03-01"
    assert "2026-05-01" <= min(move["date"] for move in done) < "2026-06-01"
    assert 40 <= len(young.records("deals")) < 60


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("deals", 280, 320), ("companies", 20, 20), ("product.product", 7, 12),
        ("stock.move", 1200, 2400), ("sale.order", 300, 800), ("purchase.order", 50, 200),
        ("stock.warehouse", 3, 3), ("account.move", 1200, 3000), ("account.payment", 400, 1200),
    ],
)  # fmt: skip
def test_a_small_scale_makes_a_small_whole_world(tiny, kind, least, most):
    assert least <= len(tiny.records(kind)) <= most


def test_nothing_is_stocked_before_the_warehouses_open(tiny):
    done = [move for move in tiny.records("stock.move").values() if move["state"] == "done"]

    assert min(move["date"] for move in done) >= "2025-05-01"
    assert tiny.meta["start"] == "2024-11-01"


def test_software_has_no_stock(tiny):
    software = {
        record["id"] for record in tiny.records("product.product").values()
        if record["type"] == "service"
    }  # fmt: skip

    moved = {move["product_id"][0] for move in tiny.records("stock.move", AFTER_ALL).values()}

    assert software
    assert not software & moved


def test_deals_step_back_reopen_and_lack_amounts(tiny):
    order = ["appointmentscheduled", "qualifiedtobuy", "presentationscheduled",
             "decisionmakerboughtin", "contractsent", "closedwon", "closedlost"]  # fmt: skip
    back = reopened = without = 0
    for deal in tiny.records("deals", AFTER_ALL).values():
        entered = [entry["value"] for entry in deal["propertiesWithHistory"]["dealstage"][::-1]]
        places = [order.index(stage) for stage in entered]
        reopened += any(a >= 5 and b < 5 for a, b in pairwise(places))
        back += any(b < a < 5 for a, b in pairwise(places))
        without += deal["properties"]["amount"] is None

    assert back > 0
    assert reopened > 0
    assert without > 0


def test_odoo_never_tells_more_than_whole_seconds_and_hubspot_tells_milliseconds(tiny):
    split = "select count(*) from record where modified_at % 1000 and payload is not null and "
    odoo = tiny.rows(split + "object like '%.%'")
    hubspot = tiny.rows(split + "object = 'deals'")

    assert odoo == [(0,)]
    assert hubspot[0][0] > 100


def test_a_payload_carries_the_stamp_it_is_filed_under(tiny):
    for name, stamp, payload in tiny.rows(
        "select object, modified_at, payload from record "
        "where object in ('deals', 'sale.order') and payload is not null"
    ):
        record, stamp = json.loads(payload), iso(stamp)
        if name == "deals" and not record["archived"]:
            assert record["properties"]["hs_lastmodifieddate"] == stamp
        elif name == "sale.order":
            assert record["write_date"] == f"{stamp[:10]} {stamp[11:19]}"
