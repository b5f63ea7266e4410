-- One row per origin, segment and week ahead: what is expected to be won in it, of deals open by then and of new ones.

{% set learnt_days = 364 %}
{% set weeks_shown = 18 %}

with snapshots as (

    select * from {{ ref('int_deal_snapshots') }}

),

odds as (

    select * from {{ ref('int_weekly_win_odds') }}

),

sights as (

    select
        snapshot_date,
        segment,
        stage_id,
        expected_close,
        sum(amount_reporting) as amount
    from snapshots
    group by snapshot_date, segment, stage_id, expected_close

),

open_deals as (

    select
        odds.forecast_date,
        sights.segment,
        odds.week_number,
        sum({{ multiply_money('sights.amount', 'odds.win_ratio') }}) as amount
    from odds
    inner join sights
        on
            odds.forecast_date = sights.snapshot_date
            and odds.stage_id = sights.stage_id
            and odds.expected_close = sights.expected_close
    group by odds.forecast_date, sights.segment, odds.week_number

),

days as (

    select distinct snapshot_date from snapshots

),

-- What deals that were not there on a day brought in the weeks after it.
brought as (

    select
        days.snapshot_date,
        deals.segment,
        {{ weeks_ahead('days.snapshot_date', 'deals.closed_date') }} as week_number,
        sum(deals.amount_reporting) as amount
    from days
    inner join {{ ref('fct_deal') }} as deals
        on
            days.snapshot_date < deals.created_date
            and days.snapshot_date < deals.closed_date
            and {{ days_after('days.snapshot_date', 7 * weeks_shown) }} >= deals.closed_date
    where deals.is_won
    group by
        days.snapshot_date,
        deals.segment,
        {{ weeks_ahead('days.snapshot_date', 'deals.closed_date') }}

),

weeks as (

    select {{ number_rows(1, weeks_shown) }} as week_number

),

-- The days that teach an origin about a week ahead: those whose week lies in the year up to it.
teaching as (

    select
        origins.forecast_date,
        weeks.week_number,
        days.snapshot_date,
        count(*) over (partition by origins.forecast_date, weeks.week_number) as days_seen
    from {{ ref('int_forecast_origins') }} as origins
    cross join weeks
    inner join days
        on
            origins.forecast_date >= {{ days_later('days.snapshot_date', '7 * weeks.week_number') }}
            and {{ days_after('origins.forecast_date', -learnt_days) }}
            < {{ days_later('days.snapshot_date', '7 * weeks.week_number') }}

),

new_deals as (

    select
        teaching.forecast_date,
        brought.segment,
        teaching.week_number,
        {{ divide_money('sum(brought.amount)', 'max(teaching.days_seen)') }} as amount
    from teaching
    inner join brought
        on
            teaching.snapshot_date = brought.snapshot_date
            and teaching.week_number = brought.week_number
    group by teaching.forecast_date, brought.segment, teaching.week_number

),

united as (

    select
        forecast_date,
        segment,
        week_number,
        amount as open_amount,
        0 as new_amount
    from open_deals
    union all
    select
        forecast_date,
        segment,
        week_number,
        0 as open_amount,
        amount as new_amount
    from new_deals

)

select
    forecast_date,
    segment,
    cast(week_number as bigint) as week_number,
    cast(sum(open_amount) as decimal(18, 2)) as open_amount,
    cast(sum(new_amount) as decimal(18, 2)) as new_amount
from united
group by forecast_date, segment, week_number
