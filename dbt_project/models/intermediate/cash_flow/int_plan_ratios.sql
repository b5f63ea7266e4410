-- One row per origin and week ahead: how much of the cost of planned orders came in such weeks, over and above bills.

{#- A company changes: what is longer ago teaches nothing. -#}
{% set learnt_days = 91 %}

with said as (

    select * from {{ ref('int_cash_documented') }}

),

usual as (

    select * from {{ ref('int_cash_usual') }}

),

actuals as (

    select * from {{ ref('int_cash_actuals') }}

),

origins as (

    select distinct forecast_date from said

),

learnt as (

    select
        origins.forecast_date,
        said.horizon,
        sum(actuals.document_outflow_reporting) - sum(said.outflow_reporting) as came,
        sum(said.planned_outflow_reporting) as planned
    from origins
    inner join said
        on
            origins.forecast_date >= said.week_to_date
            and {{ days_after('origins.forecast_date', -learnt_days) }} < said.week_to_date
    inner join actuals on said.week_to_date = actuals.week_to_date
    group by origins.forecast_date, said.horizon

)

select
    said.forecast_date,
    said.horizon,
    -- While nothing is learnt, a plan fills a week up to what is usual.
    cast(round(least(
        case
            when learnt.planned > 0 then greatest(cast(learnt.came as double) / cast(learnt.planned as double), 0)
            when said.planned_outflow_reporting > 0 and usual.outflow_reporting is not null
                then greatest(
                    cast(usual.outflow_reporting - said.outflow_reporting as double)
                    / cast(said.planned_outflow_reporting as double), 0
                )
            else 1
        end, 1
    ), 6) as decimal(9, 6)) as plan_ratio

from said
left join usual
    on
        said.forecast_date = usual.forecast_date
        and said.horizon = usual.horizon
left join learnt
    on
        said.forecast_date = learnt.forecast_date
        and said.horizon = learnt.horizon
