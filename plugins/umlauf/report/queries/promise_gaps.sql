-- One row per product and warehouse that cannot be promised, the most urgent first, and what closes its gap.

select
    products.product_code,
    products.product_name,
    places.warehouse_code as warehouse,
    promises.p_two_days as probability,
    promises.need_p50_units,
    promises.next_month_gap_units as gap_units,
    promises.spare_elsewhere_units,
    promises.order_units,
    promises.expected_receipt_date
from inventory.fct_two_day_promise as promises
left join core.dim_product as products on promises.product_id = products.product_id
left join core.dim_warehouse as places on promises.warehouse_id = places.warehouse_id
where not promises.is_promised
order by promises.urgency_rank, products.product_code
