-- A product that is sold from a warehouse and not archived is promised once there, even if nothing is known of it.

with places as (

    select
        places.product_id,
        places.warehouse_id
    from {{ ref('int_demand_places') }} as places
    inner join {{ ref('int_products') }} as products on places.product_id = products.product_id
    where
        products.is_active
        and places.first_date <= {{ as_of_date() }}

)

select
    coalesce(places.product_id, promises.product_id) as product_id,
    coalesce(places.warehouse_id, promises.warehouse_id) as warehouse_id
from places
full outer join {{ ref('fct_two_day_promise') }} as promises
    on
        places.product_id = promises.product_id
        and places.warehouse_id = promises.warehouse_id
where
    places.product_id is null
    or promises.product_id is null
