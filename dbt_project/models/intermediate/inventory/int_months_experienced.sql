-- One row per origin, stocked product, warehouse and month that was over by then: how many times expected.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

needs as (

    select * from {{ ref('int_month_needs') }}

)

select
    origins.forecast_date,
    needs.forecast_date as month_from_date,
    needs.product_id,
    needs.warehouse_id,
    needs.size_class,
    {{ ratio('needs.needed_units', 'greatest(needs.expected_units, 1)') }} as need_times

from origins
inner join needs on origins.forecast_date >= {{ days_after('needs.forecast_date', 30) }}
