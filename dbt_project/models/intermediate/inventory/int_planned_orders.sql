-- One row per origin, stocked product, warehouse and order that is planned for the next 13 weeks.

with plans as (

    select * from {{ ref('int_replenishment') }}
    where order_by_date is not null and order_units > 0

),

repeated as (

    -- An order lasts as long as customers take to buy it; a new one follows then.
    select
        *,
        {{ number_rows(0, 12) }} as order_number
    from plans

),

dated as (

    select
        *,
        case
            when order_number = 0 then order_by_date
            when daily_units > 0 then {{ days_later(
                'order_by_date', 'least(order_number * ceil(cast(order_units as double) / cast(daily_units as double)), 9999)'
            ) }}
        end as order_date
    from repeated

)

select
    forecast_date,
    is_current,
    product_id,
    warehouse_id,
    supplier_id,
    cast(order_number as bigint) as order_number,
    order_date,
    {{ days_later('order_date', 'ceil(cast(lead_time_days as double))') }} as receipt_date,
    order_units,
    {{ units_at_price('order_units', 'unit_price') }} as amount,
    currency_code,
    {{ units_at_price('order_units', 'unit_price_reporting') }} as amount_reporting
from dated
where order_date <= {{ days_after('forecast_date', 91) }}
