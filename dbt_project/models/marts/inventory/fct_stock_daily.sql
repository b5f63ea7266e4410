-- One row per product, warehouse and day, from its first move or plan to the business date of the build.

{{ config(materialized='view') }}

with spans as (

    select * from {{ ref('fct_stock_span') }}

),

dates as (

    select * from {{ ref('dim_date') }}
    where day <= {{ as_of_date() }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

)

select
    dates.day,
    spans.company_id,
    spans.product_id,
    spans.warehouse_id,
    spans.on_hand_units,
    spans.reserved_units,
    spans.incoming_units,
    spans.outgoing_units,
    spans.available_units,
    spans.forecast_units,
    spans.is_negative,
    spans.value_amount,
    spans.currency_code,
    {{ divide_money('spans.value_amount', 'rates.units_per_reporting') }} as value_reporting
from spans
inner join dates
    on
        spans.valid_from_date <= dates.day
        and spans.valid_to_date > dates.day
left join rates
    on
        spans.currency_code = rates.currency_code
        and dates.day >= rates.valid_from_date
        and dates.day < rates.valid_to_date
