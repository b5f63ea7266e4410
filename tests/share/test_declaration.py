"""Whatever is wrong with a declaration is said with file, field and what is allowed there."""

import pytest

from tests.share.conftest import declared
from umlauf.errors import ConfigError
from umlauf.share import cut

pytestmark = pytest.mark.integration

LINES = {
    "mart": "inventory.fct_purchase_line", "columns": ["order_name"], "rows": {"supplier_id": 17}
}  # fmt: skip


def table(**changes):
    return {"tables": [LINES | changes]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"untill": "2027-01-01"}, "no field 'untill'; there are partner, until, deliver_to, most"),
        ({"until": "30.6.2027"}, "until: expected a day, YYYY-MM-DD; found '30.6.2027'"),
        ({"until": None}, "until: expected a day, YYYY-MM-DD; found 'null'"),
        ({"partner": ""}, "partner: expected a text; found ''"),
        ({"partner": ["a"]}, r"partner: expected a text; found \['a'\]"),
        ({"most_rows": "many"}, "most_rows: expected a whole number; found 'many'"),
        ({"most_mb": -1}, "most_mb: expected a whole number; found '-1'"),
        ({"formats": ["pdf"]}, r"formats: expected some of parquet, csv, xlsx; found \['pdf'\]"),
        ({"formats": "csv"}, "formats: expected a list; found 'csv'"),
        ({"formats": [{"csv": 1}]}, "formats: expected a text; found {'csv': '1'}"),
        ({"tables": []}, r"tables: expected a list; found \[\]"),
        ({"tables": ["core.dim_product"]}, "table 1: expected fields mart, name, columns, rows; f"),
        (table(row={}), "table 1: no field 'row'; there are mart, name, columns, rows"),
        (table(name="../out"), "table 1: name: expected small letters, digits and _, another"),
        (table(name="dictionary"), "table 1: name: expected small letters"),
        ({"tables": [LINES, LINES]}, "table 2: name: expected .* another for each table; found"),
        (table(columns=["*"]), r"table 1: columns: expected each column by its name, once; found"),
        (table(columns=["order_name"] * 2), "table 1: columns: expected each column by its name"),
        (table(columns=[]), "table 1: columns: expected a list"),
        (table(columns=["orders"]), "columns: inventory.fct_purchase_line has no column 'orders'; "
         "it has purchase_line_id, order_name, supplier_id"),
        (table(mart="inventory.fct_lines"), "no mart 'inventory.fct_lines' is published; there are "
         ".*inventory.fct_purchase_line"),
        (table(mart="trust.lineage"), "no mart 'trust.lineage' is published"),
        (table(mart="fct_purchase_line"), "no mart 'fct_purchase_line' is published"),
        (table(mart="core.dim_owner", columns=["owner_name"], rows="all"),
         r"core.dim_owner.owner_name is personal \(meta: pii\) and is in no share; leave it out"),
        (table(rows={}), r"rows: expected \{column: value\}, or `all` for a whole mart; found"),
        (table(rows="supplier_id = 17"), "rows: expected {column: value}, or `all`"),
        (table(rows={"supplier_id": []}), "rows.supplier_id: expected a list"),
        (table(rows={"supplier": 17}), "rows: inventory.fct_purchase_line has no column 'supplier"),
        (table(rows={"promised_date": "soon"}), "table 1: rows: Conversion Error.*soon"),
        (table(rows={"product_id": {"in": "core.dim_product.product_id"}}),
         "table 1: rows.product_id: where is missing"),
        (table(rows={"product_id": {"in": "core.dim_product.product_id", "where": "all"}}),
         r"rows.product_id.where: expected \{column: value\}"),
        (table(rows={"product_id": {"in": "product_id", "where": {"a": 1}}}),
         "rows.product_id.in: no mart '' is published"),
        (table(rows={"product_id": {"in": "core.dim_product.id", "where": {"a": 1}}}),
         "rows.product_id.in: core.dim_product has no column 'id'"),
        (table(rows={"product_id": {"in": "core.dim_product.product_id", "where": {"a": 1}}}),
         "rows.product_id.where: core.dim_product has no column 'a'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_what_is_allowed(house, changes, said):
    file = house.declare("kabel", **changes)

    with pytest.raises(ConfigError, match=said) as refused:
        house.deliver("kabel")

    assert str(refused.value).startswith(f"{file}: ")
    assert list(house.places["kabel"].iterdir()) == []


@pytest.mark.parametrize(
    "field", ["partner", "until", "deliver_to", "most_rows", "most_mb", "tables"]
)
def test_every_field_but_formats_must_be_there(house, field):
    file = house.declare("kabel")
    given = declared("kabel")
    del given[field]
    file.write_text(str(given).replace("None", "null"))

    with pytest.raises(ConfigError, match=f"kabel.yml: {field} is missing"):
        house.deliver("kabel")


def test_two_partners_never_have_one_place(house):
    """A file copied from another's, of which everything but the place was changed."""
    house.declare("nord", deliver_to="kabel")

    for partner, other in (("nord", "kabel"), ("kabel", "nord")):
        with pytest.raises(ConfigError, match=f"deliver_to: 'kabel' is where {other} receives"):
            house.deliver(partner)

    assert not any(list(place.iterdir()) for place in house.places.values())


def test_a_table_without_rows_is_refused(house):
    house.declare("kabel", tables=[{key: LINES[key] for key in ("mart", "columns")}])

    with pytest.raises(ConfigError, match="table 1: rows is missing"):
        house.deliver("kabel")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("partner: [", "kabel.yml: while parsing"),
        ("- partner", "kabel.yml: expected fields partner, until"),
        ("", "kabel.yml: expected fields partner, until"),
        ("partner: a\npartner: b\n", "kabel.yml: partner stands twice in .*line 1"),
        ("partner: a\ntables:\n- rows: all\n  rows: {a: 1}\n", "rows stands twice in .*line 3"),
    ],
)
def test_a_file_that_is_no_declaration_is_named(house, text, said):
    house.declare("kabel").write_text(text)

    with pytest.raises(ConfigError, match=said):
        house.deliver("kabel")


def test_a_file_that_is_no_text_is_named(house):
    house.declare("kabel").write_bytes(b"partner: \xff")

    with pytest.raises(ConfigError, match=r"kabel\.yml: "):
        house.deliver("kabel")


def test_a_name_that_is_no_name_of_a_folder_is_refused(house):
    (house.settings.shares / "Kabel Nord.yml").write_text("")

    with pytest.raises(ConfigError, match="name of the file: expected small letters"):
        house.deliver("Kabel Nord")


def test_a_partner_without_a_declaration_is_told_who_has_one(house):
    with pytest.raises(ConfigError, match=r"there is no .*/kabl\.yml; declared are: kabel, nord"):
        house.deliver("kabl")


def test_the_models_own_tag_says_what_is_personal():
    assert cut.personal_columns("core.dim_owner") == {"owner_name"}
    assert cut.personal_columns("inventory.fct_purchase_line") == frozenset()
