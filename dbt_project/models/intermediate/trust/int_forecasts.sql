-- One row per forecast, origin, series and horizon: all forecasts in one shape, with the naive baseline beside each.

with pipeline as (

    select * from {{ ref('int_pipeline_forecasts') }}

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
