"""Which differences stop a night, and what is said of those that do not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.quality.drifting import AT, PROMISED, Shop, order
from umlauf.errors import CheckFailed
from umlauf.landing.ledger import read_landed
from umlauf.quality.drift import check_contracts, refuse_broken
from umlauf.spec import Source, Stream

SHOP = Source(
    name="shop",
    conn_id="shop_default",
    start=AT,
    owner="sales",
    connect=lambda connection, limits: None,
    streams=(Stream(name="orders", path="orders"), Stream(name="returns", path="returns")),
)


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    made.promise()
    return made


def results(shop, known_on=None, source=SHOP):
    landed = read_landed(shop.root, [source])
    return check_contracts(shop.root, [source], landed, known_on, shop.expectations)


def failed(shop, known_on=None):
    return {one.severity: one.message for one in results(shop, known_on) if not one.passed}


def test_a_stream_of_which_something_landed_has_three_checks_and_others_none(shop):
    shop.land(order(1))

    assert [(one.subject, one.severity, one.passed) for one in results(shop)] == [
        ("shop.orders", "critical", True),
        ("shop.orders", "warning", True),
        ("shop.orders", "warning", True),
    ]


def test_a_required_field_that_is_gone_from_one_record_stops_the_night(shop):
    shop.land(*(order(key) for key in range(1000)), order("x", total=...))

    with pytest.raises(CheckFailed) as caught:
        refuse_broken(results(shop))

    assert str(caught.value) == (
        "contract broken by shop.orders: required_fields_came_as_promised: total: expected number, "
        "came nothing in 1 of 1,001 records, first 'x' fetched 2026-04-01 03:00 UTC (A mart's key, "
        "money, quantity, date or stage depends on them.). The last good snapshot stays published; "
        "`umlauf contract diff shop orders` shows all of it: mend the source, or change the "
        "staging models and then `umlauf contract accept`"
    )


@pytest.mark.parametrize(
    ("good", "bad", "severity"), [(0, 2, "warning"), (0, 3, "critical"), (297, 3, "warning")]
)
def test_a_few_bad_values_are_poison_and_many_are_a_source_that_changed(shop, good, bad, severity):
    shop.land(
        *(order(key) for key in range(good)),
        *(order(f"bad {key}", total="12,50") for key in range(bad)),
    )

    assert list(failed(shop)) == [severity]


def test_what_is_optional_or_new_never_stops_a_night(shop):
    shop.land(*(order(key, note=..., paid={"at": 1}, gift=1) for key in range(9)))

    found = [one for one in results(shop) if not one.passed]
    refuse_broken(found)

    assert [one.severity for one in found] == ["warning", "warning"]
    assert found[1].why.endswith("umlauf contract accept shop orders")


def test_only_what_was_fetched_since_the_published_build_is_judged(shop):
    shop.land(order(1, total=...))
    shop.land(order(2))

    assert failed(shop, known_on=AT) == {}
    assert "first '1'" in failed(shop, known_on=AT - timedelta(days=1))["critical"]


def test_a_hundred_new_fields_are_one_check_with_ten_names(shop):
    shop.land(order(1, **{f"x{number:03}": 1 for number in range(100)}))

    message = failed(shop)["warning"]

    assert message.count("expected nothing") == 10
    assert message.endswith("and 90 more")


def test_payloads_that_we_write_ourselves_need_no_contract(shop):
    shop.promise(PROMISED)
    shop.land({"id": "1"})

    assert results(shop, source=replace(SHOP, connect=None)) == []
