"""Deals, their stages and the pipeline of every day against what the simulated company knows."""

import pytest

pytestmark = pytest.mark.integration

# The marts end with the as-of day; the truth goes on to the night's landing, some hours later.
SMALL_HOURS = """
with ended as (
    select timezone('UTC', timezone('Europe/Berlin', cast(max(day) + 1 as timestamp))) as ended_at
    from truth.pipeline_daily as days
),

"""
DEALS = (
    SMALL_HOURS
    + """
changed_since as (
    select distinct deal_id from staging.stg_hubspot__deal_changes, ended
    where changed_at >= ended_at
),

found as (
    select deal_id, stage_id, amount, currency_code, owner_id, segment, created_date,
        expected_close_date, closed_date, push_count, is_won, is_lost
    from pipeline.fct_deal
    anti join changed_since using (deal_id)
),

known as (
    select deal_id, stage_id, amount, currency_code, owner_id,
        coalesce(segment, 'unknown') as segment, created_date, close_date as expected_close_date,
        closed_date, push_count, is_won, is_lost
    from truth.deal as deals
    anti join changed_since using (deal_id)
)

select found, known
from found
full outer join known using (deal_id)
"""
)
STAGE_EVENTS = (
    SMALL_HOURS
    + """
found as (
    select deal_id, stage_number, stage_id, entered_at, left_at
    from pipeline.fct_deal_stage_event
),

known as (
    select deal_id, seq as stage_number, stage_id, cast(entered_at as timestamp) as entered_at,
        case when left_at < ended_at then cast(left_at as timestamp) end as left_at
    from truth.stage_event as events, ended
    where entered_at < ended_at
)

select found, known
from found
full outer join known using (deal_id, stage_number)
"""
)
PIPELINE = """
with found as (
    select day, deal_id, stage_id, amount, currency_code, expected_close_date, owner_id
    from pipeline.fct_pipeline_daily
),

known as (
    select day, deal_id, stage_id, amount, currency_code, expected_close_date, owner_id
    from truth.pipeline_daily as pipeline
)

select found, known
from found
full outer join known using (day, deal_id)
"""
MOVEMENTS = """
with found as (
    select day, owner_id, segment, close_month, movement, deals, amount_reporting
    from pipeline.fct_pipeline_movement
),

known as (
    select * from truth.pipeline_movement as movements
)

select found, known
from found
full outer join known using (day, owner_id, segment, close_month, movement)
"""


def differing(columns):
    """Return the condition that any of the columns differs, or that one side is missing."""
    return " where " + " or ".join(
        f"found.{name} is distinct from known.{name}" for name in columns
    )


@pytest.mark.parametrize(
    ("compared", "columns", "at_least"),
    [
        pytest.param(
            DEALS,
            [
                "deal_id", "stage_id", "amount", "currency_code", "owner_id", "segment",
                "created_date", "expected_close_date", "closed_date", "push_count", "is_won",
                "is_lost",
            ],
            200,
            id="every_deal",
        ),
        pytest.param(
            STAGE_EVENTS,
            ["deal_id", "stage_number", "stage_id", "entered_at", "left_at"],
            800,
            id="every_stage_entered",
        ),
        pytest.param(
            PIPELINE,
            [
                "day", "deal_id", "stage_id", "amount", "currency_code", "expected_close_date",
                "owner_id",
            ],
            8_000,
            id="every_open_deal_and_day",
        ),
        pytest.param(
            MOVEMENTS,
            ["day", "owner_id", "segment", "close_month", "movement", "deals", "amount_reporting"],
            2_000,
            id="every_movement",
        ),
    ],
)  # fmt: skip
def test_the_mart_holds_what_the_company_knows(company, compared, columns, at_least):
    rows = company.rows(compared)
    different = company.rows(compared + differing(columns))

    assert len(rows) >= at_least
    assert not different, f"{len(different)} of {len(rows)}: {different[:3]}"


@pytest.mark.parametrize(
    "happening",
    [
        "select deal_id from pipeline.fct_deal_stage_event where is_step_back",
        "select deal_id from pipeline.fct_deal_stage_event where is_reopening",
        "select deal_id from pipeline.fct_deal where push_count > 1",
        "select deal_id from pipeline.fct_deal where push_count = 0 and slipped_days > 0",
        """
        select deal_id from pipeline.fct_deal_stage_event as events
        inner join pipeline.fct_deal as deals using (deal_id)
        where events.is_reopening and deals.push_count > 0
        """,
        "select deal_id from pipeline.fct_deal where amount is null",
        "select deal_id from pipeline.fct_deal where currency_code <> 'EUR'",
        "select day from pipeline.fct_pipeline_movement where movement = 'reopened'",
        "select day from pipeline.fct_pipeline_movement where movement = 'revalued'",
    ],
)
def test_what_is_hard_does_happen_in_the_company(company, happening):
    assert company.rows(happening), "it did not: the comparison proves less than it says"


def test_no_deal_of_the_company_is_quarantined(company):
    assert not company.rows(
        "select quarantine_reason from staging.base_hubspot__deals "
        "where quarantine_reason is not null"
    )
