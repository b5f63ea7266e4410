"""The questions of examples/ are answered, and say what other marts say of the same."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*/*.sql"))


def answer(snapshot, name):
    """Return the rows of an example as dicts."""
    found = snapshot.execute((EXAMPLES / f"{name}.sql").read_text())
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def one(snapshot, query):
    ((value,),) = snapshot.execute(query).fetchall()
    return value


def test_there_are_ten_questions_of_three_kinds_of_people():
    assert len(FILES) >= 10
    assert {file.parent.name for file in FILES} == {"sales", "purchasing", "finance"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_question_stands_above_its_answer_and_is_answered(snapshot, file):
    rows = answer(snapshot, f"{file.parent.name}/{file.stem}")

    assert file.read_text().startswith("-- ")
    assert "?" in file.read_text().splitlines()[0]
    assert rows
    for column in rows[0]:  # a join that finds nothing would leave a column empty
        assert any(row[column] is not None for row in rows), column


def test_a_weeks_movements_add_up_to_the_change_of_the_open_pipeline(snapshot):
    changed = sum(
        row["amount_reporting"] for row in answer(snapshot, "sales/what_changed_in_a_week")
    )
    worth = """
        select sum(amount_reporting) from pipeline.fct_pipeline_daily
        where day = (select max(as_of_date) from trust.build) - {}
    """

    opening, closing = (one(snapshot, worth.format(days)) for days in (7, 0))

    assert abs(opening + changed - closing) < 1


def test_what_is_overdue_is_all_that_was_due_and_is_open(snapshot):
    all_of_them = (EXAMPLES / "finance/late_payers.sql").read_text().replace("limit 20", "")
    shown = one(snapshot, f"select sum(open_items) from ({all_of_them})")

    overdue = one(snapshot, """
        select count(*) from cash_flow.fct_receivable_span
        where
            valid_to_date = date '9999-12-31'
            and due_date < (select max(as_of_date) from trust.build)
    """)  # fmt: skip

    assert shown == overdue


def test_each_weeks_cash_is_the_last_ones_and_what_comes_and_goes(snapshot):
    weeks = answer(snapshot, "finance/cash_in_13_weeks")
    balance = one(snapshot, """
        select sum(closing_reporting) from cash_flow.fct_cash_daily
        where day = (select max(as_of_date) from trust.build)
    """)  # fmt: skip

    assert len(weeks) == 13
    for week in weeks:
        balance += week["net_reporting"]
        assert abs(balance - week["p50_closing_reporting"]) < 1


def test_the_way_of_a_deal_ends_at_the_bank(snapshot):
    steps = answer(snapshot, "finance/from_deal_to_cash")

    assert {row["from_kind"] for row in steps if row["step"] == 1} == {"deal"}
    assert "bank_entry" in {row["to_kind"] for row in steps}
