-- One row per origin and week ahead: what usually comes in and goes out beyond what documents say so early.

{#- A company changes: what is longer ago teaches nothing. -#}
{% set learnt_days = 91 %}
{#- People order later, elsewhere or less than planned: of what plans came to so much is expected of the next. -#}
{% set plan_share = 0.5 %}

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
            as planned
    from {{ ref('int_cash_claims_dated') }}
    group by forecast_date, {{ weeks_ahead('forecast_date', 'expected_date') }}

),

said as (

    select
        weeks.forecast_date,
        weeks.horizon,
        weeks.week_from_date,
        weeks.week_to_date,
        coalesce(lines.inflow, 0) as inflow,
        coalesce(lines.outflow, 0) as outflow,
        coalesce(lines.planned, 0) as planned
    from weeks
    left join lines
        on
            weeks.forecast_date = lines.forecast_date
            and weeks.horizon = lines.horizon

),

learnt as (

    -- From earlier origins whose week was over by then: what documents and plans had told so early, and what came.
    select
        origins.forecast_date,
        said.horizon,
        cast(sum(said.inflow) as double) as inflow,
        cast(sum(said.outflow) as double) as outflow,
        cast(sum(said.planned) as double) as planned,
        cast(sum(actuals.document_inflow_reporting) as double) as came_in,
        cast(sum(actuals.document_outflow_reporting) as double) as went_out
    from {{ ref('int_forecast_origins') }} as origins
    inner join said
        on
            origins.forecast_date >= said.week_to_date
            and {{ days_after('origins.forecast_date', -learnt_days) }} < said.week_to_date
    inner join {{ ref('int_cash_actuals') }} as actuals on said.week_to_date = actuals.week_to_date
    group by origins.forecast_date, said.horizon

),

planned as (

    -- While nothing is learnt, a plan fills a week up to what is usual.
    select
        said.*,
        cast(coalesce(usual.inflow_reporting, 0) as double) as usual_in,
        cast(coalesce(usual.outflow_reporting, 0) as double) as usual_out,
        learnt.inflow as learnt_inflow,
        learnt.outflow as learnt_outflow,
        learnt.planned as learnt_planned,
        learnt.came_in,
        learnt.went_out,
        {{ round_double(plan_share ~ " * greatest(least(coalesce(
            (learnt.went_out - learnt.outflow) / nullif(learnt.planned, 0),
            cast(usual.outflow_reporting - said.outflow as double) / nullif(cast(said.planned as double), 0), 1
        ), 1), 0)", 6) }} as plan_ratio
    from said
    left join {{ ref('int_cash_usual') }} as usual
        on
            said.forecast_date = usual.forecast_date
            and said.horizon = usual.horizon
    left join learnt
        on
            said.forecast_date = learnt.forecast_date
            and said.horizon = learnt.horizon

),

covered as (

    select
        forecast_date,
        horizon,
        week_from_date,
        week_to_date,
        plan_ratio,
        usual_in,
        usual_out,
        cast(inflow as double) as said_in,
        cast(outflow as double) + cast(planned as double) * plan_ratio as said_out,
        -- Of 1 and NULL, least would take 1.
        case when came_in > 0 then {{ round_double("
            least(learnt_inflow / came_in, 1)
        ", 6) }} end as inflow_ratio,
        case when went_out > 0 then {{ round_double("
            least((learnt_outflow + learnt_planned * plan_ratio) / went_out, 1)
        ", 6) }} end
            as outflow_ratio
    from planned

)

select
    forecast_date,
    horizon,
    week_from_date,
    week_to_date,
    cast(plan_ratio as decimal(9, 6)) as plan_ratio,
    cast(inflow_ratio as decimal(9, 6)) as inflow_covered_ratio,
    cast(outflow_ratio as decimal(9, 6)) as outflow_covered_ratio,
    -- The untold share of what is usual. Documents that say more than their share of it leave less to come, the more so
    -- the less they tell so early. While nothing is learnt, documents are filled up to what is usual.
    cast({{ round_double("greatest(
        (1 - coalesce(inflow_ratio, 0)) * (usual_in - said_in + coalesce(inflow_ratio, 0) * usual_in), 0
    )", 2) }} as decimal(18, 2)) as inflow_reporting,
    cast({{ round_double("greatest(
        (1 - coalesce(outflow_ratio, 0)) * (usual_out - said_out + coalesce(outflow_ratio, 0) * usual_out), 0
    )", 2) }} as decimal(18, 2)) as outflow_reporting

from covered
