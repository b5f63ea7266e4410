from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from tests.quality.small_build import AT, BUILD_ID, make_build
from umlauf.errors import CheckFailed, LeaseLost
from umlauf.publish.snapshot import publish_build
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

AMOUNT = "properties.amount::decimal(18, 2)"


@pytest.fixture
def build(settings, tmp_path):
    return make_build(settings, tmp_path / "expectations")


def expectation(kind, severity="critical", **arguments):
    meta = {"why": "Deals below zero were typing errors."}
    return {"type": kind, "severity": severity, "kwargs": arguments, "meta": meta}


def not_negative(severity="critical", **more):
    kind = "expect_column_values_to_be_between"
    return expectation(kind, severity, column="amount", min_value=0, **more)


def deals(*amounts):
    return [{"properties": {"amount": amount}} for amount in amounts]


def check(build, build_id=BUILD_ID):
    from umlauf.quality.gate import check_build  # GX takes seconds to import: not while collecting

    return check_build(build.settings, build_id, at=AT, expectations=build.expectations)


def landed_checks(build):
    files = f"{build.settings.landing_root}/umlauf/checks/day=*/*.parquet"
    return duckdb.sql(
        "select payload ->> 'subject', payload ->> 'passed', payload ->> 'failures' "
        f"from read_parquet('{files}') order by all"
    ).fetchall()


def test_a_critical_failure_names_suite_check_counts_three_records_and_why(build):
    build.land(*deals("1", "-1", "-2.50", "-3", "-4"))
    build.expect(not_negative(), amount=AMOUNT)

    with pytest.raises(CheckFailed) as caught:
        check(build)

    assert (
        "shop.deals: expect_column_values_to_be_between(amount): expected min_value 0.0; "
        "broken by 4 of 5 rows, for example record 2: -1; record 3: -2.5; record 4: -3 "
        "(Deals below zero were typing errors.)"
    ) in str(caught.value)


def test_a_warning_is_kept_and_does_not_stop_the_build(build):
    build.land(*deals("1", "-1"))
    build.expect(not_negative("warning"), amount=AMOUNT)

    report = check(build)

    assert [(one.subject, one.failures) for one in report.warnings] == [("shop.deals", 1)]
    assert landed_checks(build) == [("shop.deals", "false", "1")]


def test_every_result_is_landed_also_of_a_build_that_is_refused(build):
    build.land(*deals("-1"))
    build.expect(not_negative(), expectation("expect_table_row_count_to_be_between"), amount=AMOUNT)
    build.state(tests=[_dbt_test("unique_deal", "pass"), _dbt_test("known_owner", "warn")])

    with pytest.raises(CheckFailed, match="1 of 4 checks failed"):
        check(build)

    assert landed_checks(build) == [
        ("fct_deal", "false", "3"),
        ("fct_deal", "true", "0"),
        ("shop.deals", "false", "1"),
        ("shop.deals", "true", "0"),
    ]


def test_published_results_can_be_asked_for_as_a_table(build):
    build.land(*deals("1"))
    build.expect(not_negative("warning"), amount=AMOUNT)

    check(build)
    marts = publish_build(build.settings, BUILD_ID, at=AT)

    with duckdb.connect(marts, read_only=True) as connection:
        found = connection.execute(
            "select tool, severity, is_passed, why from trust.quality_result"
        )
        assert found.fetchall() == [("gx", "warning", True, "Deals below zero were typing errors.")]


def test_no_expectation_evaluated_is_a_failure(build):
    build.expect(not_negative(), amount=AMOUNT)  # and nothing landed for it

    with pytest.raises(CheckFailed, match="0 expectations evaluated"):
        check(build)


def test_an_expectation_that_cannot_be_evaluated_is_a_failure_and_not_a_pass(build):
    build.land(*deals("1"))
    build.expect(expectation("expect_column_values_to_not_be_null", "warning", column="no_such"))

    with pytest.raises(CheckFailed, match=r"shop\.deals: .* could not be evaluated"):
        check(build)


def test_rows_that_a_query_finds_are_counted_and_shown(build):
    query = "select record_key, amount from {batch} where amount > 5"
    build.land(*deals("1", "6", "7"))
    build.expect(
        expectation("unexpected_rows_expectation", unexpected_rows_query=query), amount=AMOUNT
    )

    with pytest.raises(
        CheckFailed, match="2 rows broke it, for example record_key 2, amount 6; rec"
    ):
        check(build)

    assert landed_checks(build) == [("shop.deals", "false", "2")]


@pytest.mark.parametrize("empty", [None, "", False])
def test_an_empty_field_is_empty_however_the_source_writes_it(build, empty):
    build.land(*deals("x", empty))
    build.expect(
        expectation("expect_column_values_to_not_be_null", column="text"), text="properties.amount"
    )

    with pytest.raises(CheckFailed, match="broken by 1 of 2 rows, for example record 2: empty"):
        check(build)


def test_marts_are_checked_in_the_warehouse(build):
    build.expect(not_negative(), kind="marts", subject="fct_deal")
    build.expect(not_negative(max_value=4), kind="marts", subject="fct_deal_daily")
    build.expect(
        expectation("expect_table_row_count_to_be_between", min_value=2),
        kind="marts",
        subject="fct_deal_daily",
    )

    with pytest.raises(
        CheckFailed, match=r"marts\.fct_deal_daily: .* expected min_value 2.*came 1"
    ):
        check(build)


@pytest.mark.parametrize("disabled", ["hubspot", "bank"])
def test_a_mart_need_not_have_rows_if_a_source_that_it_is_built_from_is_disabled(build, disabled):
    source = f"source.umlauf.{disabled}.deals"
    build.feed(fct_deal=[source])
    rows = expectation("expect_table_row_count_to_be_between", min_value=2)
    build.expect(rows, not_negative(max_value=4), kind="marts", subject="fct_deal")
    build.expect(rows, kind="marts", subject="dim_date")
    sources = {disabled: {"enabled": False}}
    settings = build.settings.model_copy(update={"sources": load_settings(sources=sources).sources})

    with pytest.raises(CheckFailed) as refused:
        check(replace(build, settings=settings))

    assert "fct_deal: expect_column_values_to_be_between" in str(refused.value)
    assert "fct_deal: expect_table_row_count" not in str(refused.value)
    assert "dim_date: expect_table_row_count" in str(refused.value)


@pytest.mark.parametrize(("disabled", "is_asked"), [("hubspot", False), ("bank", True)])
def test_what_is_about_a_disabled_source_is_not_asked(build, disabled, is_asked):
    """Nobody could mend it, and it would be told by mail after some nights."""
    build.feed()
    about = not_negative("warning", max_value=4)
    build.expect(
        about | {"meta": about["meta"] | {"about": "hubspot"}}, kind="marts", subject="fct_deal"
    )
    build.expect(
        expectation("expect_table_row_count_to_be_between", min_value=1),
        kind="marts",
        subject="dim_date",
    )
    sources = {disabled: {"enabled": False}}
    settings = build.settings.model_copy(update={"sources": load_settings(sources=sources).sources})

    report = check(replace(build, settings=settings))

    assert [warning.subject for warning in report.warnings] == ["marts.fct_deal"] * is_asked


def test_only_batches_that_readers_do_not_have_yet_are_judged(build):
    build.land(*deals("1"))
    build.expect(not_negative(), amount=AMOUNT)
    check(build)
    publish_build(build.settings, BUILD_ID, at=AT)
    build.land(*deals("-9"), fetched_at=AT - timedelta(hours=1))
    build.land(*deals("2"), fetched_at=AT + timedelta(hours=1))

    assert check(build).warnings == ()


def test_the_gate_lets_go_of_the_warehouse(build):
    build.land(*deals("1"))
    build.expect(not_negative(), amount=AMOUNT)

    check(build)

    with duckdb.connect(build.settings.warehouse_file) as connection:
        assert connection.execute("create table t as select 1").fetchall() == [(1,)]


def test_a_build_that_is_gone_from_the_warehouse_is_not_judged(build):
    with pytest.raises(LeaseLost, match="now holds 20260401T030000Z-0123456789"):
        check(build, "another")


def test_a_build_that_is_refused_leaves_readers_what_they_had(build):
    build.land(*deals("1"))
    build.expect(not_negative(), amount=AMOUNT)
    check(build)
    before = publish_build(build.settings, BUILD_ID, at=AT).read_bytes()
    build.land(*deals("-1"), fetched_at=AT + timedelta(hours=1))

    with pytest.raises(CheckFailed, match="last good snapshot stays published"):
        check(build)

    assert build.settings.marts_file.read_bytes() == before


def test_data_docs_show_the_newest_checks_with_their_why_and_no_older_ones(build):
    build.land(*deals("1"))
    build.expect(not_negative(), amount=AMOUNT)
    docs = build.settings.reports / "data_docs"

    check(build)
    check(build)

    pages = list((docs / "validations").rglob("*.html"))
    assert (docs / "index.html").exists()
    assert len(pages) == 1
    assert "Deals below zero were typing errors." in pages[0].read_text()


def _dbt_test(name, status):
    found = {"name": name, "kind": "test", "status": status, "failures": 3 * (status != "pass")}
    return found | {"message": "", "seconds": 0.1, "attached_to": "fct_deal"}


def test_a_record_that_was_mended_at_its_source_does_not_fail_for_ever(build):
    build.land(*deals("-1", "2"))
    build.land(*deals("1"), fetched_at=AT + timedelta(hours=1))
    build.expect(not_negative(), amount=AMOUNT)

    report = check(build)

    assert report.evaluated == 1
