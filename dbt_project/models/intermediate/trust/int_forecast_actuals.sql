-- One row per forecast, series and period that is over: what came, in the shape of int_forecasts.

with pipeline as (

    select * from {{ ref('int_pipeline_actuals') }}

)

select
    'pipeline won in a month' as forecast,
    segment as series,
    close_month as target_from_date,
    cast(close_month + interval '1' month - interval '1' day as date) as target_to_date,
    cast(won_amount as decimal(18, 4)) as actual

from pipeline
