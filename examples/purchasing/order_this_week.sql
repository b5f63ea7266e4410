-- What must be ordered within seven days, of whom, and what does it cost?
with today as (

    select max(as_of_date) as day from trust.build

)

select
    advice.order_by_date,
    suppliers.supplier_name,
    products.product_code,
    products.product_name,
    places.warehouse_name,
    advice.position_units,
    advice.reorder_point_units,
    advice.order_units,
    advice.order_amount_reporting
from inventory.fct_replenishment as advice
left join core.dim_supplier as suppliers on advice.supplier_id = suppliers.supplier_id
left join core.dim_product as products on advice.product_id = products.product_id
left join core.dim_warehouse as places on advice.warehouse_id = places.warehouse_id
cross join today
where advice.order_units > 0 and advice.order_by_date <= today.day + interval 7 days
order by advice.order_by_date asc, advice.order_amount_reporting desc nulls last, products.product_code asc
