-- One row per origin and week ahead: what usually comes in and goes out beyond what documents say so early.

{#- A company changes: what is longer ago teaches nothing. -#}
{% set learnt_days = 91 %}

with said as (

    select
        documented.forecast_date,
        documented.horizon,
        documented.week_from_date,
        documented.week_to_date,
        documented.inflow_reporting,
        cast(
            documented.outflow_reporting
            + {{ multiply_money('documented.planned_outflow_reporting', 'ratios.plan_ratio') }} as decimal(18, 2)
        ) as outflow_reporting
    from {{ ref('int_cash_documented') }} as documented
    inner join {{ ref('int_plan_ratios') }} as ratios
        on
            documented.forecast_date = ratios.forecast_date
            and documented.horizon = ratios.horizon

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

    -- From earlier origins whose week was over by then: how much of what came, documents had told so early.
    select
        origins.forecast_date,
        said.horizon,
        least(
            cast(sum(said.inflow_reporting) as double)
            / nullif(cast(sum(actuals.document_inflow_reporting) as double), 0), 1
        ) as inflow_ratio,
        least(
            cast(sum(said.outflow_reporting) as double)
            / nullif(cast(sum(actuals.document_outflow_reporting) as double), 0), 1
        ) as outflow_ratio,
        -- A week a month ago was smaller in a company that grows. A quarter either way: more than that is no growth.
        greatest(least(coalesce(
            cast(sum(actuals.document_inflow_reporting) as double)
            / nullif(cast(sum(usual.inflow_reporting) as double), 0), 1
        ), 1.25), 0.8) as inflow_growth,
        greatest(least(coalesce(
            cast(sum(actuals.document_outflow_reporting) as double)
            / nullif(cast(sum(usual.outflow_reporting) as double), 0), 1
        ), 1.25), 0.8) as outflow_growth
    from origins
    inner join said
        on
            origins.forecast_date >= said.week_to_date
            and {{ days_after('origins.forecast_date', -learnt_days) }} < said.week_to_date
    inner join usual
        on
            said.forecast_date = usual.forecast_date
            and said.horizon = usual.horizon
    inner join actuals on said.week_to_date = actuals.week_to_date
    group by origins.forecast_date, said.horizon

)

select
    said.forecast_date,
    said.horizon,
    said.week_from_date,
    said.week_to_date,
    -- While nothing is learnt, documents are filled up to what is usual.
    cast(round(case
        when learnt.inflow_ratio is null then greatest(usual.inflow_reporting - said.inflow_reporting, 0)
        else cast(usual.inflow_reporting as double) * learnt.inflow_growth * (1 - learnt.inflow_ratio)
    end, 2) as decimal(18, 2)) as inflow_reporting,
    cast(round(case
        when learnt.outflow_ratio is null then greatest(usual.outflow_reporting - said.outflow_reporting, 0)
        else cast(usual.outflow_reporting as double) * learnt.outflow_growth * (1 - learnt.outflow_ratio)
    end, 2) as decimal(18, 2)) as outflow_reporting,
    cast(round(learnt.inflow_ratio, 6) as decimal(9, 6)) as inflow_covered_ratio,
    cast(round(learnt.outflow_ratio, 6) as decimal(9, 6)) as outflow_covered_ratio

from said
inner join usual
    on
        said.forecast_date = usual.forecast_date
        and said.horizon = usual.horizon
left join learnt
    on
        said.forecast_date = learnt.forecast_date
        and said.horizon = learnt.horizon
