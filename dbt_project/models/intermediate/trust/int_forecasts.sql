-- One row per forecast, origin, series and horizon: all forecasts in one shape, with the naive baseline beside each.

with pipeline as (

    select * from {{ ref('int_pipeline_forecasts') }}

),

demand as (

    select * from {{ ref('int_demand_forecasts') }}

),

cash as (

    select * from {{ ref('int_cash_forecasts') }}

)

select
    'pipeline won in a month' as forecast,
    segment as series,
    forecast_date,
    is_current,
    cast(horizon as bigint) as horizon,
    close_month as target_from_date,
    cast(close_month + interval '1' month - interval '1' day as date) as target_to_date,
    cast(p10_amount as decimal(18, 4)) as p10,
    cast(p50_amount as decimal(18, 4)) as p50,
    cast(p90_amount as decimal(18, 4)) as p90,
    cast(crm_amount as decimal(18, 4)) as baseline
from pipeline
-- On the last day of a month its own is over: what is known by then is no forecast.
where cast(close_month + interval '1' month - interval '1' day as date) > forecast_date
union all
select
    'demand of ' || case when period = 'week' then 'a week' else period end as forecast,
    product_id || '/' || warehouse_id as series,
    forecast_date,
    is_current,
    horizon,
    target_from_date,
    target_to_date,
    p10_units as p10,
    p50_units as p50,
    p90_units as p90,
    last_value_units as baseline
from demand
union all
select
    'cash flow of a week' as forecast,
    'inflow' as series,
    forecast_date,
    is_current,
    horizon,
    week_from_date as target_from_date,
    week_to_date as target_to_date,
    cast(p10_inflow_reporting as decimal(18, 4)) as p10,
    cast(inflow_reporting as decimal(18, 4)) as p50,
    cast(p90_inflow_reporting as decimal(18, 4)) as p90,
    cast(naive_inflow_reporting as decimal(18, 4)) as baseline
from cash
union all
select
    'cash flow of a week' as forecast,
    'outflow' as series,
    forecast_date,
    is_current,
    horizon,
    week_from_date as target_from_date,
    week_to_date as target_to_date,
    cast(p10_outflow_reporting as decimal(18, 4)) as p10,
    cast(outflow_reporting as decimal(18, 4)) as p50,
    cast(p90_outflow_reporting as decimal(18, 4)) as p90,
    cast(naive_outflow_reporting as decimal(18, 4)) as baseline
from cash
union all
select
    'cash at the end of a week' as forecast,
    'all accounts' as series,
    forecast_date,
    is_current,
    horizon,
    week_from_date as target_from_date,
    week_to_date as target_to_date,
    cast(p10_closing_reporting as decimal(18, 4)) as p10,
    cast(closing_reporting as decimal(18, 4)) as p50,
    cast(p90_closing_reporting as decimal(18, 4)) as p90,
    cast(naive_closing_reporting as decimal(18, 4)) as baseline
from cash
