import pytest

from tests.quality.drifting import Shop, order
from umlauf.errors import ConfigError


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    made.promise()
    return made


@pytest.mark.parametrize(
    "edits",
    [
        {},
        {"total": "12.50"},  # a number, whatever it is written as
        {"total": 10**30, "placed": None},
        {"total": False, "placed": False, "buyer": False, "note": False},  # Odoo's "empty"
        {"placed": "", "paid": "2026-03-02 10:00:00"},
        {"lines": []},
        {"lines": None},
        {"lines": ...},
        {"lines": [{}]},
        {"lines": [{"sku": None}]},
    ],
)
def test_what_was_promised_is_no_difference_however_empty(shop, edits):
    shop.land(order(1), order(2, **edits))

    assert shop.said() == []


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"total": ...}, ("total", "number", "nothing")),
        ({"total": "1.234,56"}, ("total", "number", "text that is no number")),
        ({"total": "NaN"}, ("total", "number", "text that is no number")),
        ({"total": {"amount": 5}}, ("total", "number", "object")),
        ({"placed": "01.03.2026"}, ("placed", "date", "text that is no date")),
        ({"placed": "2026-03-01 10:00:00"}, ("placed", "date", "text that is no date")),
        ({"placed": 1772323200}, ("placed", "date", "number")),
        ({"paid": "yesterday"}, ("paid", "stamp", "text that is no stamp")),
        ({"buyer": "Anna"}, ("buyer", "array", "text")),
        ({"note": {"de": "eilt"}}, ("note", "text", "object")),
        ({"note": 5}, ("note", "text", "number")),
        ({"note": ...}, ("note", "text", "nothing")),
        ({"lines": [{"sku": 5}]}, ("lines[].sku", "text", "number")),
        ({"lines": "none"}, ("lines", "nothing", "array or text")),
        ({"gift": True}, ("gift", "nothing", "boolean")),
        ({"gift": {"wrap": {"colour": "red"}}}, ("gift.wrap.colour", "nothing", "text")),
        ({"lines": [{"sku": "A", "units": 2}]}, ("lines[].units", "nothing", "number")),
        ({"tags": []}, ("tags", "nothing", "array")),
        ({'a "quoted" name': 1}, ('a "quoted" name', "nothing", "number")),
    ],
)
def test_what_came_otherwise_is_told_with_what_was_expected(shop, edits, said):
    shop.land(order(1), order(2, **edits))

    (difference,) = shop.differences()

    assert (difference.path, difference.expected, difference.came) == said
    assert (difference.records, difference.first_key) == (1, "2")


def test_a_renamed_field_is_one_that_is_gone_and_one_that_is_new(shop):
    shop.land(order(1, total=..., amount=12.5))

    assert shop.said() == [("total", "number", "nothing"), ("amount", "nothing", "number")]


def test_the_first_record_is_the_one_fetched_first_and_counts_are_of_newest_versions(shop):
    shop.land(order(1), order(2))
    shop.land(order(3, total=...))
    shop.land(order(1, total=..., note="again"), order(2))

    (difference,) = shop.differences()

    assert (difference.records, difference.judged, difference.first_key) == (2, 3, "3")
    assert difference.sentence == (
        "total: expected number, came nothing in 2 of 3 records, "
        "first '3' fetched 2026-04-02 03:00 UTC"
    )


def test_a_record_that_was_mended_at_its_source_counts_no_more(shop):
    shop.land(order(1, total=...))
    shop.land(order(1))

    assert shop.said() == []


@pytest.mark.parametrize("payload", ["", "{", "[1]", '"text"', "null", '{"total": "\\ud800"}'])
def test_what_is_no_json_object_is_left_to_the_quarantine(shop, payload):
    shop.land(order(1), payload)

    assert shop.said() == []
    assert sum(shape.records for shape in shop.shapes()) == 1


def test_a_name_from_the_source_cannot_write_into_the_log(shop):
    shop.land(order(1, **{"x\nERROR all is lost\x1b[31m": 1}, **{"y" * 5000: 1}))

    sentences = [one.sentence for one in shop.differences()]

    assert all(sentence.isprintable() and len(sentence) < 300 for sentence in sentences)


def test_a_promised_object_stands_for_all_that_is_in_it(shop):
    shop.promise("required:\n  id: text\noptional:\n  more: object\n")
    shop.land({"id": "1", "more": {"a": 1, "b": {"c": 2}}}, {"id": "2", "more": {}})

    assert shop.said() == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("needed:\n  id: text\n", "expected sections required, optional, occasional"),
        ("required:\n  id: string\n", "id: expected one of number, date"),
        ("required:\n  id: text\noptional:\n  id: text\n", "id stands in two sections"),
        ("- id\n", "found a list or text"),
    ],
)
def test_a_file_that_is_no_contract_says_where_and_what_is_wrong(shop, text, complaint):
    shop.promise(text)

    with pytest.raises(ConfigError, match=rf"shop/contracts/orders\.yml: .*{complaint}"):
        _ = shop.contract
