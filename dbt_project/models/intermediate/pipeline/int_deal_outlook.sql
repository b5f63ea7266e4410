-- One row per origin, open deal and fifth of its chances: when it may be won, and how much of it to expect.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

snapshots as (

    select * from {{ ref('int_deal_snapshots') }}

),

odds as (

    select * from {{ ref('int_win_odds') }}

),

stage_odds as (

    -- For a time in stage that no deal of the past had.
    select
        forecast_date,
        stage_id,
        cast({{ round_double("sum(cast(won as double)) / sum(seen)", 6) }} as decimal(9, 6)) as win_ratio
    from odds
    group by forecast_date, stage_id

),

stages as (

    select * from {{ ref('int_deal_stages') }}

),

slips as (

    select * from {{ ref('int_close_slips') }}

),

fifths as (

    select distinct fifth from slips

)

select
    origins.forecast_date,
    origins.is_current,
    snapshots.deal_id,
    snapshots.segment,
    snapshots.customer_id,
    snapshots.stage_id,
    snapshots.expected_close_date,
    fifths.fifth,
    -- With no past to learn from, the CRM's own probability and date stand.
    cast(coalesce(
        odds.win_ratio, stage_odds.win_ratio, stages.win_probability_ratio, 0
    ) as decimal(9, 6)) as win_ratio,
    greatest(
        {{ days_later(
            'greatest(snapshots.expected_close_date, origins.forecast_date)', 'coalesce(slips.slip_days, 0)'
        ) }},
        {{ days_after('origins.forecast_date', 1) }}
    ) as close_date,
    snapshots.amount_reporting,
    snapshots.weighted_amount_reporting

from origins
inner join snapshots on origins.forecast_date = snapshots.snapshot_date
cross join fifths
left join slips
    on
        origins.forecast_date = slips.forecast_date
        and snapshots.stage_id = slips.stage_id
        and fifths.fifth = slips.fifth
left join odds
    on
        origins.forecast_date = odds.forecast_date
        and snapshots.stage_id = odds.stage_id
        and snapshots.stage_age = odds.stage_age
left join stage_odds
    on
        origins.forecast_date = stage_odds.forecast_date
        and snapshots.stage_id = stage_odds.stage_id
left join stages on snapshots.stage_id = stages.stage_id
