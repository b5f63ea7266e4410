-- One row per origin and week ahead: cash expected to come in, to go out and to be there at its end, before intervals.

with weeks as (

    select * from {{ ref('int_forecast_weeks') }}

),

lines as (

    select
        forecast_date,
        horizon,
        sum(case when direction = 'in' then amount_reporting else 0 end) as inflow,
        sum(case when direction = 'out' then -amount_reporting else 0 end) as outflow
    from {{ ref('int_cash_forecast_lines') }}
    group by forecast_date, horizon

),

balances as (

    select
        day,
        sum(closing_reporting) as balance
    from {{ ref('fct_cash_daily') }}
    group by day

),

naive as (

    -- The naive baseline: every week to come is the mean week of the last quarter.
    select
        origins.forecast_date,
        sum(case when flows.direction = 'in' then flows.amount_reporting else 0 end) as inflow,
        sum(case when flows.direction = 'out' then flows.amount_reporting else 0 end) as outflow
    from {{ ref('int_forecast_origins') }} as origins
    inner join {{ ref('int_cash_days') }} as flows
        on
            origins.forecast_date >= flows.day
            and {{ days_after('origins.forecast_date', -91) }} < flows.day
    group by origins.forecast_date

),

joined as (

    select
        weeks.*,
        coalesce(balances.balance, 0) as balance,
        coalesce(lines.inflow, 0) as inflow,
        coalesce(lines.outflow, 0) as outflow,
        coalesce(naive.inflow, 0) as naive_inflow,
        coalesce(naive.outflow, 0) as naive_outflow
    from weeks
    left join lines
        on
            weeks.forecast_date = lines.forecast_date
            and weeks.horizon = lines.horizon
    left join balances on weeks.forecast_date = balances.day
    left join naive on weeks.forecast_date = naive.forecast_date

)

select
    forecast_date,
    is_current,
    horizon,
    week_from_date,
    week_to_date,
    cast(balance as decimal(18, 2)) as balance_reporting,
    cast(inflow as decimal(18, 2)) as inflow_reporting,
    cast(outflow as decimal(18, 2)) as outflow_reporting,
    cast(balance + sum(inflow - outflow) over so_far as decimal(18, 2)) as closing_reporting,
    {{ divide_money('naive_inflow', 13) }} as naive_inflow_reporting,
    {{ divide_money('naive_outflow', 13) }} as naive_outflow_reporting,
    cast(
        balance + horizon * {{ divide_money('naive_inflow - naive_outflow', 13) }} as decimal(18, 2)
    ) as naive_closing_reporting
from joined
window so_far as (
    partition by forecast_date order by horizon rows between unbounded preceding and current row
)
