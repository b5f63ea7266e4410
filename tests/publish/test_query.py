import csv
import io
import json
from datetime import date
from decimal import Decimal
from unittest import mock

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from umlauf.cli import umlauf
from umlauf.publish.answer import harmless, write_table

pytestmark = pytest.mark.integration


@pytest.fixture
def ask(settings, monkeypatch):
    """Return a function that runs `umlauf query` on a snapshot of one table."""
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    settings.marts_file.parent.mkdir(parents=True)
    with duckdb.connect(settings.marts_file) as connection:
        connection.execute("create table t as select 1 as n, 'a,\"b\"' as text, null as nothing")

    def run(sql, form="csv"):
        return CliRunner().invoke(umlauf, ["query", sql, "--format", form])

    return run


def cells(result):
    assert result.exit_code == 0, result.output
    return list(csv.reader(io.StringIO(result.stdout)))


def test_csv_has_a_head_quotes_what_needs_it_and_leaves_nothing_empty(ask):
    assert cells(ask("from t")) == [["n", "text", "nothing"], ["1", 'a,"b"', ""]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_kept_from_it(ask, start):
    found = cells(ask(f"select '{start}1+1' as a, 'x{start}' as b"))

    assert found[1] == [f"'{start}1+1", f"x{start}"]


def test_a_column_name_that_a_spreadsheet_would_run_is_kept_from_it(ask):
    assert cells(ask('select 1 as "=1+1"'))[0] == ["'=1+1"]


def test_numbers_and_days_stay_as_they_are(ask):
    sql = "select -1 as a, -2.50::decimal(18, 2) as b, -0.5::double as c, date '2026-03-31' as d"

    assert cells(ask(sql))[1] == ["-1", "-2.50", "-0.5", "2026-03-31"]


def test_json_keeps_names_numbers_and_nothing_and_adds_no_quote(ask):
    found = ask("select -1 as a, '=1' as b, null as c, 1.50::decimal(9, 2) as d", "json")

    assert json.loads(found.stdout) == [{"a": -1, "b": "=1", "c": None, "d": "1.50"}]


def test_a_table_shows_text_in_brackets_as_text(ask):
    found = ask("select '[red]x[/red]' as a", "table")

    assert "[red]x[/red]" in found.stdout


WIDE = "select " + ", ".join(f"repeat('{letter}', 30) as column_{letter}" for letter in "abcdefgh")


def test_a_wide_table_in_a_pipe_is_whole(ask):
    found = ask(WIDE, "table")

    assert len(found.stdout.splitlines()) == 5
    assert all(letter * 30 in found.stdout for letter in "abcdefgh")


def test_a_table_wider_than_the_terminal_is_shown_row_by_row_and_whole():
    connection = duckdb.connect()
    target = io.BytesIO()

    with mock.patch("umlauf.publish.answer.sys") as system:
        system.stdout.isatty.return_value = True
        write_table(connection.execute(WIDE), target)

    shown = target.getvalue().decode()
    assert "row 1 of 1" in shown
    assert all(f"column_{letter}" in shown and letter * 30 in shown for letter in "abcdefgh")
    assert max(map(len, shown.splitlines())) <= 80


def test_a_table_shows_control_characters_and_does_not_obey_them(ask):
    found = ask("select 'a' || chr(27) || '[2J' || chr(10) || 'b' as a", "table")

    assert r"a\x1b[2J\nb" in found.stdout


@given(st.text())
def test_no_text_begins_a_formula_and_none_is_lost(text):
    found = harmless(text)

    assert not found.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert found in (text, f"'{text}")


@given(st.integers() | st.decimals(allow_nan=False) | st.floats() | st.dates() | st.booleans())
def test_what_is_no_text_is_untouched(value):
    assert harmless(value) is value


def test_wrong_sql_is_one_line_that_says_where_and_exit_code_2(ask):
    found = ask("select no_such from t")

    assert found.exit_code == 2
    assert "query: Binder Error" in found.stderr
    assert "no_such" in found.stderr
    assert found.stdout == ""


def test_nothing_can_be_written(ask):
    found = ask("drop table t")

    assert found.exit_code == 2
    assert "read-only" in found.stderr


def test_before_the_first_night_it_says_what_to_do(settings, monkeypatch):
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))

    found = CliRunner().invoke(umlauf, ["query", "select 1"])

    assert (found.exit_code, "run `umlauf nightly` first" in found.stderr) == (2, True)


def test_parquet_keeps_types_to_the_last_digit(ask):
    sql = "select 12345678901234567.89::decimal(19, 2) as a, date '2026-03-31' as b, 'x' as c"

    found = ask(sql, "parquet")

    assert found.exit_code == 0, found.output
    table = pq.read_table(io.BytesIO(found.stdout_bytes))
    assert [str(kind) for kind in table.schema.types] == ["decimal128(19, 2)", "date32[day]",
                                                          "string"]  # fmt: skip
    assert table.to_pylist() == [
        {"a": Decimal("12345678901234567.89"), "b": date(2026, 3, 31), "c": "x"}
    ]


def test_an_answer_without_rows_has_its_columns_in_every_form(ask):
    for form in ("csv", "json", "table", "parquet", "xlsx"):
        found = ask("from t where n > 1", form)
        assert found.exit_code == 0, form
        assert found.stdout_bytes


def test_what_a_sheet_cannot_hold_is_an_error_and_no_broken_file(ask):
    found = ask("select repeat('x', 40000) as text", "xlsx")

    assert (found.exit_code, found.stdout_bytes) == (2, b"")
    assert "row 1, column 'text': 40,000 characters" in found.stderr


def test_the_name_of_a_file_stands_for_what_is_in_it(ask, tmp_path):
    file = tmp_path / "ours.sql"
    file.write_text("-- how many\nselect 7 as n\n")

    assert cells(ask(str(file))) == [["n"], ["7"]]
    missing = ask("no/such.sql")
    assert (missing.exit_code, "no/such.sql: No such file" in missing.stderr) == (2, True)


def test_an_unknown_format_is_refused(ask):
    assert ask("from t", "xml").exit_code == 2
