-- One row per forecast, series and period that is over: what came, in the shape of int_forecasts.

with pipeline as (

    select * from {{ ref('int_pipeline_actuals') }}

),

demand as (

    select * from {{ ref('int_demand_actuals') }}

),

cash as (

    select * from {{ ref('int_cash_actuals') }}

)

select
    'pipeline won in a month' as forecast,
    segment as series,
    close_month as target_from_date,
    cast(close_month + interval '1' month - interval '1' day as date) as target_to_date,
    cast(won_amount as decimal(18, 4)) as actual
from pipeline
union
-- The week after one origin is the second week after the one before: the same days, the same demand.
select
    'demand of ' || case when period = 'week' then 'a week' else period end as forecast,
    product_id || '/' || warehouse_id as series,
    {{ days_later('forecast_date', '7 * (horizon - 1) + 1') }} as target_from_date,
    {{ days_later('forecast_date', "case when period = 'week' then 7 * horizon else 28 end") }} as target_to_date,
    demanded_units as actual
from demand
union all
select
    'cash flow of a week' as forecast,
    'inflow' as series,
    week_from_date as target_from_date,
    week_to_date as target_to_date,
    cast(inflow_reporting as decimal(18, 4)) as actual
from cash
union all
select
    'cash flow of a week' as forecast,
    'outflow' as series,
    week_from_date as target_from_date,
    week_to_date as target_to_date,
    cast(outflow_reporting as decimal(18, 4)) as actual
from cash
union all
select
    'cash at the end of a week' as forecast,
    'all accounts' as series,
    week_from_date as target_from_date,
    week_to_date as target_to_date,
    cast(closing_reporting as decimal(18, 4)) as actual
from cash
