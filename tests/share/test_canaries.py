"""Neither partner finds the other's rows in any file, and each finds its own in all of them."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from lxml import etree

from tests.share.conftest import CANARIES
from tests.share.reading import check_sums, only, said

pytestmark = pytest.mark.integration

OTHER = {"kabel": "nord", "nord": "kabel"}
EXCEL = {"2026-04-07": "46119", "2026-04-08": "46120"}  # as a sheet counts days


def ways_to_say(partner):
    """Return every form in which a canary would stand in a file."""
    text, number, day = CANARIES[partner]
    year, month, of_month = map(int, day.split("-"))
    return text, number, day, f">{EXCEL[day]}<", repr(date(year, month, of_month))


def rows(folder, table):
    text = (folder / f"{table}.csv").read_bytes().decode()
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("partner", CANARIES)
def test_a_partner_sees_its_own_rows_and_nothing_of_the_other(house, partner):
    for each in CANARIES:
        house.deliver(each)
    files = list(only(house.places[partner]).iterdir())

    assert len(files) == 2 * 3 + 3
    for file in files:
        found = said(file)
        assert not [word for word in ways_to_say(OTHER[partner]) if word in found], file
        assert "OTHER" not in found
    for file in files:
        if file.stem == "open_orders":
            found = said(file)
            text, number, day = CANARIES[partner]
            assert text in found
            assert number.rstrip("0") in found
            assert any(form in found for form in (day, EXCEL[day], repr(date.fromisoformat(day))))


def test_a_cut_is_what_the_declaration_says_no_row_and_column_more(house):
    house.deliver("kabel")
    folder = only(house.places["kabel"])

    assert rows(folder, "open_orders") == [
        ["order_name", "product_id", "promised_date", "open_units"],
        ["KABEL-7Q-1", "p1", "2026-04-07", "7771.2500"],
    ]
    assert pq.read_table(folder / "fct_demand_forecast.parquet").to_pylist() == [
        {"product_id": "p1", "week_from_date": date(2026, 4, 7), "p50_units": Decimal("7771.25")}
    ]


@pytest.mark.parametrize(
    ("restriction", "lines"),
    [
        ({"supplier_id": 17}, "l1 l2"),
        ({"supplier_id": [17, "18"]}, "l1 l2 l3"),
        ({"supplier_id": None}, "l4"),
        ({"supplier_id": [None, "1"]}, "l4 l5"),
        ({"supplier_id": 17, "product_id": "p2"}, ""),
        ({"supplier_id": "1' or '1' = '1"}, ""),
        ({"promised_date": "2026-04-09", "supplier_id": 1}, "l5"),
        ({"open_units": "-1.5"}, "l2"),
        ("all", "l1 l2 l3 l4 l5"),
        (
            {
                "product_id": {
                    "in": "inventory.fct_demand_daily.product_id",
                    "where": {
                        "day": {
                            "in": "inventory.fct_purchase_line.promised_date",
                            "where": {"supplier_id": 18},
                        }
                    },
                }
            },
            "l3",
        ),
    ],
)
def test_rows_are_those_that_fit_each_restriction(house, restriction, lines):
    table = {
        "mart": "inventory.fct_purchase_line", "columns": ["purchase_line_id"], "rows": restriction
    }  # fmt: skip
    house.declare("kabel", tables=[table])

    house.deliver("kabel", is_approved=True)

    found = rows(only(house.places["kabel"]), "fct_purchase_line")
    assert " ".join(row[0] for row in found[1:]) == lines


def test_a_number_that_begins_with_nought_is_compared_as_it_stands(house):
    house.change(
        "update inventory.fct_purchase_line set supplier_id = '017' where supplier_id = '1'"
    )
    file = house.declare("kabel")
    file.write_text(file.read_text().replace('"supplier_id": "17"', "supplier_id: 017"))

    house.deliver("kabel")

    assert [row[0] for row in rows(only(house.places["kabel"]), "open_orders")[1:]] == ["OTHER"]


def test_formulas_are_disarmed_and_numbers_stay_numbers(house):
    house.change("""
        update inventory.fct_purchase_line set order_name = '=cmd()' where purchase_line_id = 'l1';
        update inventory.fct_purchase_line set order_name = '@x', completed_date = null
        where purchase_line_id = 'l2'
    """)

    house.deliver("kabel")

    folder = only(house.places["kabel"])
    assert [(row[0], row[3]) for row in rows(folder, "open_orders")[1:]] == [
        ("'=cmd()", "7771.2500"), ("'@x", "-1.5000")
    ]  # fmt: skip
    with zipfile.ZipFile(folder / "open_orders.xlsx") as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = {cell.get("r"): cell for cell in sheet.iter("{*}c")}
    assert not list(sheet.iter("{*}f"))
    assert (cells["A2"].get("t"), "".join(cells["A2"].itertext())) == ("inlineStr", "=cmd()")
    assert (cells["D3"].get("t"), "".join(cells["D3"].itertext())) == (None, "-1.5")
    kept = pq.read_table(folder / "open_orders.parquet").column("order_name").to_pylist()
    assert kept == ["=cmd()", "@x"]


def test_a_dictionary_says_what_each_column_holds_in_plain_words(house):
    house.deliver("kabel")

    found = rows(only(house.places["kabel"]), "dictionary")

    assert found[:2] == [
        ["table", "column", "type", "description"],
        ["open_orders", "", "", "One row per product line. Second line."],
    ]
    assert [row[:3] for row in found[2:6]] == [
        ["open_orders", "order_name", "text"],
        ["open_orders", "product_id", "text"],
        ["open_orders", "promised_date", "day"],
        ["open_orders", "open_units", "number with 4 decimals"],
    ]
    assert found[5][3] == "'=Base units still to come."


def test_the_checksums_and_the_manifest_name_every_file(house):
    house.deliver("kabel")
    folder = only(house.places["kabel"])

    checked = check_sums(folder)
    manifest = json.loads((folder / "manifest.json").read_text())

    assert {*checked, "SHA256SUMS"} == {file.name for file in folder.iterdir()}
    assert manifest["tables"][0] == {
        "name": "open_orders", "mart": "inventory.fct_purchase_line", "rows": 1,
        "files": ["open_orders.parquet", "open_orders.csv", "open_orders.xlsx"],
    }  # fmt: skip
    del manifest["tables"]
    assert manifest == {
        "partner": "kabel", "name": "kabel GmbH", "build_id": "20260401T030000Z-0123456789",
        "as_of": "2026-03-31", "made_at": "2026-04-01T05:30:00Z", "use_until": "2026-12-31",
        "rows": 2,
    }  # fmt: skip


def test_only_the_formats_that_are_declared_are_written(house):
    house.declare("kabel", formats=["csv"])

    house.deliver("kabel")

    assert {file.name for file in only(house.places["kabel"]).iterdir()} == {
        "open_orders.csv", "fct_demand_forecast.csv", "dictionary.csv", "manifest.json",
        "SHA256SUMS",
    }  # fmt: skip
