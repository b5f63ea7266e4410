-- What will next month need that cannot be bought within two days, and who else has some to spare?
select
    products.product_code,
    products.product_name,
    places.warehouse_name,
    promise.p_two_days,
    promise.need_p90_units,
    promise.cover_units,
    promise.next_month_gap_units,
    promise.spare_elsewhere_units,
    promise.order_units,
    promise.expected_receipt_date
from inventory.fct_two_day_promise as promise
left join core.dim_product as products on promise.product_id = products.product_id
left join core.dim_warehouse as places on promise.warehouse_id = places.warehouse_id
where promise.next_month_gap_units > 0
order by promise.urgency_rank
