-- One row per week that is over and was, or could have been, forecast: what came in, went out and was there at its end.

with weeks as (

    select distinct
        week_from_date,
        week_to_date
    from {{ ref('int_forecast_weeks') }}
    where week_to_date <= {{ as_of_date() }}

),

flows as (

    select
        weeks.week_to_date,
        sum(case when daily.direction = 'in' then daily.amount_reporting else 0 end) as inflow,
        sum(case when daily.direction = 'out' then daily.amount_reporting else 0 end) as outflow,
        sum(
            case when daily.direction = 'in' and daily.forecast_by = 'documents' then daily.amount_reporting else 0 end
        ) as document_inflow,
        sum(
            case when daily.direction = 'out' and daily.forecast_by = 'documents' then daily.amount_reporting else 0 end
        ) as document_outflow
    from weeks
    inner join {{ ref('int_cash_days') }} as daily
        on daily.day between weeks.week_from_date and weeks.week_to_date
    group by weeks.week_to_date

),

balances as (

    select
        day,
        sum(closing_reporting) as closing
    from {{ ref('fct_cash_daily') }}
    group by day

)

select
    weeks.week_from_date,
    weeks.week_to_date,
    cast(coalesce(flows.inflow, 0) as decimal(18, 2)) as inflow_reporting,
    cast(coalesce(flows.outflow, 0) as decimal(18, 2)) as outflow_reporting,
    cast(coalesce(flows.document_inflow, 0) as decimal(18, 2)) as document_inflow_reporting,
    cast(coalesce(flows.document_outflow, 0) as decimal(18, 2)) as document_outflow_reporting,
    cast(balances.closing as decimal(18, 2)) as closing_reporting

from weeks
inner join balances on weeks.week_to_date = balances.day
left join flows on weeks.week_to_date = flows.week_to_date
