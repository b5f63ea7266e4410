import pytest

from tests.quality.drifting import PROMISED, Shop, order
from umlauf.errors import ConfigError
from umlauf.quality.accept import accept, choose


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    made.promise()
    return made


def accepted(shop, *paths):
    accept(shop.file, shop.contract, choose(shop.differences(), paths))
    return shop.file.read_text()


def test_a_new_field_is_added_to_its_section_and_nothing_else_moves(shop):
    shop.land(order(1, gift=True, tip=1), order(2, gift=False))

    text = accepted(shop)

    assert text == PROMISED.replace("  paid: stamp\n", "  paid: stamp\n  gift: boolean\n").replace(
        "sku: text\n", "sku: text\n  tip: number\n"
    )
    assert shop.said() == []


def test_only_the_fields_that_are_named_are_accepted(shop):
    shop.land(order(1, gift=True, tip=1))

    accepted(shop, "tip")

    assert shop.said() == [("gift", "nothing", "boolean")]


def test_a_changed_type_is_added_and_the_comment_behind_it_stays(shop):
    shop.land(order(1, total={"amount": 5}), order(2, buyer="Anna"))

    text = accepted(shop)

    assert "  total: number or object  # in cents? no: in euros\n" in text
    assert "  buyer: array or text\n" in text
    assert shop.said() == []


def test_a_field_that_comes_no_more_is_taken_out(shop):
    shop.land(order(1, note=...))

    text = accepted(shop)

    assert text == PROMISED.replace("  note: text\n", "")


def test_a_field_that_came_once_may_be_missing_from_then_on(shop):
    shop.land(order(1))
    shop.land(order(2, total=...))

    text = accepted(shop)

    assert text.endswith("occasional:\n  lines[].sku: text\n  total: number\n")
    assert shop.said() == []


def test_the_first_contract_of_a_stream_is_all_that_has_landed(shop):
    shop.file.unlink()
    shop.land(order(1, note=None), order(2, lines=[], **{"a: b #c": "odd"}))

    accepted(shop)

    assert shop.said() == []
    assert {path: field.expected for path, field in shop.contract.fields.items()} == {
        "id": "text", "total": "number", "placed": "text", "buyer": "array", "note": "text",
        "paid": "text", "lines[].sku": "text", "a: b #c": "text",
    }  # fmt: skip


def test_a_path_that_came_as_accepted_is_refused(shop):
    shop.land(order(1, gift=True))

    with pytest.raises(ConfigError, match="'note' came as accepted; what did not: gift"):
        accepted(shop, "note")
