-- One row per origin, stage, expected close and week ahead: the share of such deals that were won in that week.

{% set learnt_days = 364 %}
{#- Four months ahead, counted from any day of a month. -#}
{% set weeks_shown = 18 %}

with snapshots as (

    select * from {{ ref('int_deal_snapshots') }}

),

weeks as (

    select {{ number_rows(1, weeks_shown) }} as week_number

),

wins as (

    select distinct
        deal_id,
        entered_date
    from {{ ref('int_deal_stages_entered') }}
    where is_won

),

sights as (

    select
        snapshot_date,
        stage_id,
        expected_close,
        count(*) as seen
    from snapshots
    group by snapshot_date, stage_id, expected_close

),

won as (

    select
        snapshots.snapshot_date,
        snapshots.stage_id,
        snapshots.expected_close,
        {{ weeks_ahead('snapshots.snapshot_date', 'wins.entered_date') }} as week_number,
        count(*) as won
    from snapshots
    inner join wins
        on
            snapshots.deal_id = wins.deal_id
            and snapshots.snapshot_date < wins.entered_date
    group by
        snapshots.snapshot_date,
        snapshots.stage_id,
        snapshots.expected_close,
        {{ weeks_ahead('snapshots.snapshot_date', 'wins.entered_date') }}

),

-- Once for all origins: a sight teaches each of them whose year holds its week.
taught as (

    select
        sights.stage_id,
        sights.expected_close,
        weeks.week_number,
        {{ days_later('sights.snapshot_date', '7 * weeks.week_number') }} as week_to_date,
        sights.seen,
        coalesce(won.won, 0) as won
    from sights
    cross join weeks
    left join won
        on
            sights.snapshot_date = won.snapshot_date
            and sights.stage_id = won.stage_id
            and sights.expected_close = won.expected_close
            and weeks.week_number = won.week_number

)

select
    origins.forecast_date,
    taught.stage_id,
    taught.expected_close,
    cast(taught.week_number as bigint) as week_number,
    cast(sum(taught.seen) as bigint) as seen,
    cast(sum(taught.won) as bigint) as won,
    cast({{ round_double("
        sum(cast(taught.won as double)) / sum(taught.seen)
    ", 6) }} as decimal(9, 6)) as win_ratio

from {{ ref('int_forecast_origins') }} as origins
inner join taught
    on
        origins.forecast_date >= taught.week_to_date
        and {{ days_after('origins.forecast_date', -learnt_days) }} < taught.week_to_date
group by origins.forecast_date, taught.stage_id, taught.expected_close, taught.week_number
