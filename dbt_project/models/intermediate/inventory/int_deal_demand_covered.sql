-- One row per origin and week ahead: how much of the demand that came through deals was in the CRM that long before.

with origins as (

    select
        forecast_date,
        {{ number_rows(1, 13) }} as horizon
    from {{ ref('int_forecast_origins') }}

),

came as (

    select
        forecast_date,
        horizon,
        sum(deal_units) as units
    from {{ ref('int_demand_weeks') }}
    group by forecast_date, horizon

),

told as (

    select
        forecast_date,
        horizon,
        sum(deal_units) as units
    from {{ ref('int_deal_demand') }}
    group by forecast_date, horizon

),

learnt as (

    -- From earlier origins whose week was over by then.
    select
        origins.forecast_date,
        origins.horizon,
        sum(came.units) as came_units,
        sum(coalesce(told.units, 0)) as told_units
    from origins
    inner join came
        on
            origins.horizon = came.horizon
            and origins.forecast_date >= {{ days_later('came.forecast_date', '7 * came.horizon') }}
    left join told
        on
            came.forecast_date = told.forecast_date
            and came.horizon = told.horizon
    group by origins.forecast_date, origins.horizon

)

select
    origins.forecast_date,
    origins.horizon,
    -- With nothing to learn from, no deal is invented.
    cast(coalesce(least(
        {{ round_double("
            cast(learnt.told_units as double) / cast(nullif(learnt.came_units, 0) as double)
        ", 6) }}, 1
    ), 1) as decimal(9, 6)) as covered_ratio

from origins
left join learnt
    on
        origins.forecast_date = learnt.forecast_date
        and origins.horizon = learnt.horizon
