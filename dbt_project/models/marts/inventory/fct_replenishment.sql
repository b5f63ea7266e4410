-- One row per stocked product and warehouse it is sold from: when to order how much of whom, exceptions first.

with plans as (

    select * from {{ ref('int_replenishment') }}
    where is_current

),

judged as (

    select
        *,
        case
            when not is_active then 'given up'
            when supplier_id is null then 'no supplier'
            when order_by_date is null then 'enough for 13 weeks'
            when on_hand_units - outgoing_units <= 0 and daily_units > 0 then 'out of stock'
            when order_by_date <= {{ days_after(as_of_date(), 1) }} then 'order now'
            when order_by_date <= {{ days_after(as_of_date(), 7) }} then 'order this week'
            else 'order later'
        end as status
    from plans

)

select
    cast(row_number() over (
        order by
            case status
                when 'out of stock' then 1
                when 'order now' then 2
                when 'no supplier' then 3
                when 'order this week' then 4
                when 'order later' then 5
                when 'enough for 13 weeks' then 6
                else 7
            end,
            abc_class asc, order_by_date asc, daily_units desc, product_id asc, warehouse_id asc
    ) as bigint) as exception_rank,
    status in ('out of stock', 'order now', 'no supplier') as is_exception,
    status,
    product_id,
    warehouse_id,
    abc_class,
    service_level_ratio,
    daily_units,
    daily_deviation_units,
    lead_time_days,
    lead_time_deviation_days,
    safety_stock_units,
    reorder_point_units,
    on_hand_units,
    incoming_units,
    outgoing_units,
    position_units,
    economic_units,
    minimum_order_units,
    pack_size_units,
    order_by_date,
    order_units,
    supplier_id,
    {{ units_at_price('order_units', 'unit_price') }} as order_amount,
    currency_code,
    {{ units_at_price('order_units', 'unit_price_reporting') }} as order_amount_reporting
from judged
