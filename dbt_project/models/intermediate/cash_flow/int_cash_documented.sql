-- One row per origin and week ahead: what documents known at the origin say will come in and go out.

with weeks as (

    select * from {{ ref('int_forecast_weeks') }}

),

lines as (

    select
        forecast_date,
        {{ weeks_ahead('forecast_date', 'expected_date') }} as horizon,
        sum(case when amount_reporting > 0 then amount_reporting else 0 end) as inflow,
        sum(case when amount_reporting < 0 and tier <> 'planned_replenishment' then -amount_reporting else 0 end)
            as outflow,
        sum(case when amount_reporting < 0 and tier = 'planned_replenishment' then -amount_reporting else 0 end)
            as planned_outflow
    from {{ ref('int_cash_claims_dated') }}
    group by forecast_date, {{ weeks_ahead('forecast_date', 'expected_date') }}

)

select
    weeks.forecast_date,
    weeks.horizon,
    weeks.week_from_date,
    weeks.week_to_date,
    cast(coalesce(lines.inflow, 0) as decimal(18, 2)) as inflow_reporting,
    cast(coalesce(lines.outflow, 0) as decimal(18, 2)) as outflow_reporting,
    cast(coalesce(lines.planned_outflow, 0) as decimal(18, 2)) as planned_outflow_reporting

from weeks
left join lines
    on
        weeks.forecast_date = lines.forecast_date
        and weeks.horizon = lines.horizon
