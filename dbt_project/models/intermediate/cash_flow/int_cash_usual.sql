-- One row per origin and week ahead: what documents usually move in such a week of the month, as much as of late.

{#- So many earlier months speak for a week: few enough to follow a company that grows. -#}
{% set months_back = 4 %}

with weeks as (

    select * from {{ ref('int_forecast_weeks') }}

),

shifts as (

    select {{ number_rows(1, 7) }} as months

),

days as (

    select
        day,
        sum(case when direction = 'in' then amount_reporting else 0 end) as inflow,
        sum(case when direction = 'out' then amount_reporting else 0 end) as outflow
    from {{ ref('int_cash_days') }}
    where forecast_by = 'documents'
    group by day

),

first_day as (

    select min(day) as day from days

),

shifted as (

    select
        weeks.forecast_date,
        weeks.horizon,
        cast(weeks.week_from_date - shifts.months * interval '1' month as date) as from_date,
        row_number() over (
            partition by weeks.forecast_date, weeks.horizon order by shifts.months
        ) as place
    from weeks
    cross join shifts
    cross join first_day
    where
        cast(weeks.week_from_date - shifts.months * interval '1' month as date)
        <= {{ days_after('weeks.forecast_date', -6) }}
        and cast(weeks.week_from_date - shifts.months * interval '1' month as date) >= first_day.day

),

summed as (

    select
        shifted.forecast_date,
        shifted.horizon,
        shifted.place,
        coalesce(sum(days.inflow), 0) as inflow,
        coalesce(sum(days.outflow), 0) as outflow
    from shifted
    left join days
        on
            shifted.from_date <= days.day
            and {{ days_after('shifted.from_date', 6) }} >= days.day
    where shifted.place <= {{ months_back }}
    group by shifted.forecast_date, shifted.horizon, shifted.place

),

shaped as (

    select
        forecast_date,
        horizon,
        {{ divide_money('sum(inflow)', 'count(*)') }} as inflow,
        {{ divide_money('sum(outflow)', 'count(*)') }} as outflow
    from summed
    group by forecast_date, horizon

),

quarters as (

    select
        origins.forecast_date,
        sum(days.inflow) as inflow,
        sum(days.outflow) as outflow
    from {{ ref('int_forecast_origins') }} as origins
    inner join days
        on
            origins.forecast_date >= days.day
            and {{ days_after('origins.forecast_date', -91) }} < days.day
    group by origins.forecast_date

)

-- The months tell which week is large, the last quarter how much all 13 are together.
select
    shaped.forecast_date,
    shaped.horizon,
    cast({{ round_double("coalesce(
        cast(shaped.inflow as double) * cast(quarters.inflow as double)
        / nullif(cast(sum(shaped.inflow) over (partition by shaped.forecast_date) as double), 0), 0
    )", 2) }} as decimal(18, 2)) as inflow_reporting,
    cast({{ round_double("coalesce(
        cast(shaped.outflow as double) * cast(quarters.outflow as double)
        / nullif(cast(sum(shaped.outflow) over (partition by shaped.forecast_date) as double), 0), 0
    )", 2) }} as decimal(18, 2)) as outflow_reporting

from shaped
left join quarters on shaped.forecast_date = quarters.forecast_date
