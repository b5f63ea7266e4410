"""What is read from the file's own XML, as ECMA-376 says it, is what was written."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from lxml import etree

from umlauf.errors import ConfigError
from umlauf.publish import workbook
from umlauf.publish.workbook import write_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(names, rows):
    target = io.BytesIO()
    write_workbook(target, names, [rows])
    return zipfile.ZipFile(target)


def cells(book):
    """Return (type, text) of each cell by its address; a number has no type."""
    sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found = {}
    for cell in sheet.iter(f"{MAIN}c"):
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t", f"{MAIN}v"))
        found[cell.get("r")] = cell.get("t"), text
    return found


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (7, (None, "7")),
        (Decimal("358893.09"), (None, "358893.09")),
        (Decimal("-0.01"), (None, "-0.01")),
        (Decimal("12345678901234567.89"), ("inlineStr", "12345678901234567.89")),
        (10**17 + 1, ("inlineStr", "100000000000000001")),
        (float("nan"), ("inlineStr", "nan")),
        (True, ("b", "1")),
        # Days are counted from 1899-12-30, a moment is a part of its day.
        (date(2026, 3, 31), (None, "46112")),
        (datetime(2026, 3, 31, 12), (None, "46112.5")),  # noqa: DTZ001 - as DuckDB gives it
        (datetime(2026, 3, 31, 14, tzinfo=timezone(timedelta(hours=2))), (None, "46112.5")),
        (datetime(2026, 3, 31, 12, tzinfo=UTC), (None, "46112.5")),
        (date(1, 1, 1), ("inlineStr", "0001-01-01")),
        ("Müller & Söhne <KG>", ("inlineStr", "Müller & Söhne <KG>")),
        ("=1+1", ("inlineStr", "=1+1")),
        ("=HYPERLINK(1)", ("inlineStr", "=HYPERLINK(1)")),
        ("http://example.com", ("inlineStr", "http://example.com")),
        (["a", 1], ("inlineStr", "['a', 1]")),
    ],
)
def test_a_value_is_what_it_was_or_text(value, cell):
    book = written(["a"], [[value]])

    assert cells(book)["A2"] == cell
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_nothing_is_an_empty_place():
    assert "B2" not in cells(written(["a", "b", "c"], [[1, None, 2]]))


def test_a_head_names_the_columns_and_is_no_formula():
    assert cells(written(["=a", "b"], []))["A1"] == ("inlineStr", "=a")


def test_more_rows_than_a_sheet_has_are_refused_before_a_byte_is_written(monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_ROWS", 4)
    target = io.BytesIO()
    write_workbook(target, ["a"], [[[1], [2]], [[3]]])
    assert target.getvalue()

    target = io.BytesIO()
    with pytest.raises(ConfigError, match="more than 3 rows"):
        write_workbook(target, ["a"], [[[1], [2]], [[3], [4]]])
    assert target.getvalue() == b""
