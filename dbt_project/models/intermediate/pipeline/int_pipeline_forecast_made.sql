-- One row per origin, close month ahead and segment: what will have been won in that month, before intervals.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

outlook as (

    select * from {{ ref('int_deal_outlook') }}

),

deals as (

    select * from {{ ref('fct_deal') }}

),

won as (

    -- What the month has brought so far is known.
    select
        origins.forecast_date,
        {{ month_of('deals.closed_date') }} as close_month,
        deals.segment,
        sum(deals.amount_reporting) as amount
    from origins
    inner join deals
        on
            origins.forecast_date >= deals.closed_date
            and {{ month_of('origins.forecast_date') }} <= deals.closed_date
            and deals.is_won
    group by origins.forecast_date, {{ month_of('deals.closed_date') }}, deals.segment

),

expected as (

    select
        forecast_date,
        {{ month_of('close_date') }} as close_month,
        segment,
        {{ divide_money('sum(' ~ multiply_money('amount_reporting', 'win_ratio') ~ ')', 5) }} as amount
    from outlook
    group by forecast_date, {{ month_of('close_date') }}, segment

),

numbers as (

    select {{ number_rows(1, 7) }} as day_number

),

-- A week that ends in another month gives each its days.
likely as (

    select
        weeks.forecast_date,
        {{ month_of(days_later('weeks.forecast_date', '7 * (weeks.week_number - 1) + numbers.day_number')) }}
            as close_month,
        weeks.segment,
        {{ divide_money('sum(weeks.open_amount + weeks.new_amount)', 7) }} as amount
    from {{ ref('int_wins_expected') }} as weeks
    cross join numbers
    group by
        weeks.forecast_date,
        {{ month_of(days_later('weeks.forecast_date', '7 * (weeks.week_number - 1) + numbers.day_number')) }},
        weeks.segment

),

crm as (

    -- The naive baseline: the CRM's probability on the day its owner expects; what is overdue, this month.
    select
        forecast_date,
        {{ month_of('greatest(expected_close_date, forecast_date)') }} as close_month,
        segment,
        sum(weighted_amount_reporting) as amount
    from outlook
    where fifth = 1
    group by forecast_date, {{ month_of('greatest(expected_close_date, forecast_date)') }}, segment

),

months as (

    select {{ number_rows(0, 3) }} as horizon

),

segments as (

    select distinct segment from deals

),

cells as (

    select
        origins.forecast_date,
        origins.is_current,
        cast(months.horizon as bigint) as horizon,
        cast({{ month_of('origins.forecast_date') }} + months.horizon * interval '1' month as date) as close_month,
        segments.segment
    from origins
    cross join months
    cross join segments

)

select
    cells.forecast_date,
    cells.is_current,
    cells.horizon,
    cells.close_month,
    cells.segment,
    cast(coalesce(won.amount, 0) as decimal(18, 2)) as won_amount,
    cast(coalesce(won.amount, 0) + coalesce(expected.amount, 0) as decimal(18, 2)) as expected_amount,
    cast(coalesce(won.amount, 0) + coalesce(likely.amount, 0) as decimal(18, 2)) as likely_amount,
    cast(coalesce(won.amount, 0) + coalesce(crm.amount, 0) as decimal(18, 2)) as crm_amount

from cells
left join won
    on
        cells.forecast_date = won.forecast_date
        and cells.close_month = won.close_month
        and cells.segment = won.segment
left join expected
    on
        cells.forecast_date = expected.forecast_date
        and cells.close_month = expected.close_month
        and cells.segment = expected.segment
left join likely
    on
        cells.forecast_date = likely.forecast_date
        and cells.close_month = likely.close_month
        and cells.segment = likely.segment
left join crm
    on
        cells.forecast_date = crm.forecast_date
        and cells.close_month = crm.close_month
        and cells.segment = crm.segment
