"""Our figures are the sources' own; one that is not says why, or nothing is published."""

import shutil
from datetime import UTC, datetime, time, timedelta

import duckdb
import pytest

from tests.truth.changed_records import END, NEWEST, changed
from tests.truth.test_unmapped_records import move_a_deal_to_a_new_stage
from umlauf.errors import CheckFailed
from umlauf.nightly import Night, finish_night
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

CHECKS = {
    "stock_units", "stock_value", "receivables", "payables", "revenue", "deals", "bank_closing",
    "bank_opening",
}  # fmt: skip
LINES = "odoo", "account_move_line"


def test_every_check_compares_something_and_every_figure_is_the_sources_own(company):
    rows = company.rows(
        "select check_name, sum(abs(source_figure)), count(*) filter (difference <> 0), "
        "count(reason) from trust.parity group by check_name"
    )

    assert {name for name, *_ in rows} == CHECKS
    assert [row for row in rows if not row[1] or row[2:] != (0, 0)] == []


@pytest.mark.parametrize(
    ("check", "table", "measure"),
    [
        ("stock_units", "stock_daily", "on_hand_units"),
        ("stock_value", "stock_daily", "value"),
        ("receivables", "receivable_daily", "open_amount_company"),
        ("payables", "payable_daily", "open_amount_company"),
    ],
)
def test_what_a_source_adds_up_is_the_truth_of_its_last_day(company, check, table, measure):
    ((said,),) = company.rows(
        f"select sum(source_figure) from trust.parity where check_name = '{check}'"
    )
    ((true,),) = company.rows(
        f"select sum({measure}) from truth.{table} "
        f"where day = (select max(day) from truth.{table} )"
    )

    assert said == true


def one_unit_more(line):
    """Return a receipt of one unit more than it was, as if a model or a fetch had misread it."""
    if line["state"] != "done" or line["location_id"][1] != "Partners/Vendors":
        return None
    more = ("quantity", "quantity_product_uom")
    return line | {name: line[name] + 1 for name in more}


def an_unreadable_balance(item):
    is_income = item["account_id"] and item["account_id"][1].startswith("4")
    if not is_income or item["parent_state"] != "posted":
        return None
    return item | {"balance": item["balance"] + 0.001}


def after_the_report(settings):
    """Return a second after the newest change the CRM's own report has seen, and after midnight.

    That is when nights run: the business day is over, the CRM goes on.
    """
    query = NEWEST.format(root=settings.landing_root, source="hubspot", stream="deals")
    ((newest,),) = duckdb.sql(f"select max(record_version) from ({query})").fetchall()
    midnight = datetime.combine(END + timedelta(days=1), time(), UTC)
    return max(newest.replace(tzinfo=UTC), midnight) + timedelta(seconds=1)


@pytest.fixture(scope="module")
def night(company, tmp_path_factory):
    """A night in which a figure is wrong, and others differ for reasons; the gate's complaint."""
    settings = load_settings(home=tmp_path_factory.mktemp("parity") / "var")
    shutil.copytree(company.truth.parents[1] / "landing", settings.landing_root)
    changed(settings, "odoo", "stock_move_line", one_unit_more)
    move_a_deal_to_a_new_stage(settings, after_the_report(settings))
    changed(settings, *LINES, an_unreadable_balance)
    shutil.rmtree(settings.landing_root / "odoo" / "account_move_line_by_partner")

    with pytest.raises(CheckFailed) as caught:
        finish_night(Night(), settings)

    with duckdb.connect(settings.warehouse_file, read_only=True) as warehouse:
        yield settings, str(caught.value), warehouse


@pytest.fixture
def parity(night):
    _, _, warehouse = night
    return lambda query: warehouse.execute(f"select {query}").fetchall()


def test_a_wrong_figure_is_named_with_both_figures_and_nothing_is_published(night, parity):
    settings, complaint, _ = night
    ((subject, said, ours),) = parity(
        "subject, source_figure, our_figure from trust.parity "
        "where check_name = 'stock_units' and difference <> 0"
    )

    assert "checks failed: marts.parity: " in complaint
    for part in ("odoo", "stock_units", subject, f"{said:f}".rstrip("0"), f"{ours:f}".rstrip("0")):
        assert part.rstrip(".") in complaint
    assert "umlauf land SOURCE" in complaint
    assert "1 of " in complaint
    assert not settings.marts_file.exists()


def test_a_deal_that_moved_since_explains_the_stage_it_left_and_the_one_it_is_in(parity):
    rows = parity(
        "source_figure, difference, reason from trust.parity "
        "where check_name = 'deals' and reason is not null order by reason"
    )

    assert [row[2] for row in rows] == ["changed after the report", "not listed by the source"]
    assert rows[0][1] == 1
    assert rows[1][0] is None


def test_a_record_in_quarantine_explains_its_month_to_the_cent(parity):
    rows = parity(
        "reason, quarantined_records, difference from trust.parity "
        "where check_name = 'revenue' and difference <> 0"
    )

    assert [(reason, records) for reason, records, _ in rows] == [("in quarantine", 1)]


def test_a_report_that_never_came_is_named_and_its_figures_are_not_judged(parity):
    rows = parity(
        "check_name, subject, reason, report_age_hours from trust.parity "
        "where check_name in ('receivables', 'payables') order by check_name"
    )

    assert rows == [
        ("payables", "report", "no report", None),
        ("receivables", "report", "no report", None),
    ]
