-- One row per product and warehouse to order within seven days, the most urgent first (docs/decisions/0027).

select
    advice.order_by_date,
    advice.status,
    products.product_code,
    products.product_name,
    places.warehouse_code as warehouse,
    suppliers.supplier_name,
    advice.position_units,
    advice.order_units,
    advice.order_amount_reporting as amount
from inventory.fct_replenishment as advice
left join core.dim_product as products on advice.product_id = products.product_id
left join core.dim_warehouse as places on advice.warehouse_id = places.warehouse_id
left join core.dim_supplier as suppliers on advice.supplier_id = suppliers.supplier_id
where advice.order_units > 0 and advice.order_by_date <= $as_of + 7
order by advice.exception_rank, products.product_code
