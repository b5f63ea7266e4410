-- One row per product and warehouse whose available units last less than the supplier takes to deliver,
-- at the pace of the deliveries of the last 90 days. No lead time known: a week.

with demand as (

    select
        product_id,
        from_warehouse_id as warehouse_id,
        sum(moved_units) as units_90
    from inventory.fct_stock_move
    where move_date > $as_of - 90 and move_date <= $as_of and movement = 'delivery'
    group by product_id, from_warehouse_id
    having sum(moved_units) > 0

)

select
    products.product_code,
    products.product_name,
    warehouses.warehouse_code as warehouse,
    stock.available_units,
    stock.incoming_units,
    demand.units_90 / 90.0 as daily_units,
    greatest(stock.available_units, 0) * 90.0 / demand.units_90 as days_left,
    coalesce(products.lead_time_days, 7) as lead_time_days
from inventory.fct_stock_daily as stock
inner join demand on stock.product_id = demand.product_id and stock.warehouse_id = demand.warehouse_id
inner join core.dim_product as products on stock.product_id = products.product_id
inner join core.dim_warehouse as warehouses on stock.warehouse_id = warehouses.warehouse_id
where
    stock.day = $as_of
    and stock.available_units * 90 < demand.units_90 * coalesce(products.lead_time_days, 7)
order by days_left, demand.units_90 desc, products.product_code
