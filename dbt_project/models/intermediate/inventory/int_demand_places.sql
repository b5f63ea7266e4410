-- One row per stocked product and warehouse it is sold from, since it was first kept or ordered there.

with seen as (

    select
        company_id,
        product_id,
        warehouse_id,
        valid_from_date as day
    from {{ ref('fct_stock_span') }}
    where warehouse_id in (select orders.warehouse_id from {{ ref('int_sale_orders') }} as orders)
    union all
    select
        company_id,
        product_id,
        warehouse_id,
        day
    from {{ ref('int_demand') }}

)

select
    min(company_id) as company_id,
    product_id,
    warehouse_id,
    min(day) as first_date
from seen
group by product_id, warehouse_id
