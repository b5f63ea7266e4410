-- Every stocked product has a class, and only those have.

with classed as (

    select product_id from {{ ref('agg_abc_xyz') }}

),

stocked as (

    select product_id
    from {{ ref('int_products') }}
    where is_storable

)

select
    stocked.product_id as missing,
    classed.product_id as superfluous
from stocked
full outer join classed on stocked.product_id = classed.product_id
where stocked.product_id is null or classed.product_id is null
