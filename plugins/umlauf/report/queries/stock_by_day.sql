-- One row per day and warehouse, 90 days up to the business date.

select
    stock.day,
    warehouses.warehouse_code as warehouse,
    coalesce(sum(stock.value_reporting), 0) as amount
from inventory.fct_stock_daily as stock
inner join core.dim_warehouse as warehouses on stock.warehouse_id = warehouses.warehouse_id
where stock.day between $as_of - 89 and $as_of
group by stock.day, warehouses.warehouse_code
order by stock.day, warehouses.warehouse_code
