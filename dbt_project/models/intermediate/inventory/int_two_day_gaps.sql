-- One row per active product and warehouse on the as-of day: what its promise lacks, and what others could spare.

with promises as (

    select * from {{ ref('int_two_day_promises') }}
    where is_current

),

products as (

    select * from {{ ref('int_products') }}
    where is_active

),

aimed as (

    -- With too little past for an interval, what is expected has to do.
    select
        promises.*,
        coalesce(promises.p90_units, promises.expected_units) as aim_units
    from promises
    inner join products on promises.product_id = products.product_id

),

gaps as (

    select
        *,
        cast(greatest(aim_units - cover_units - later_units, 0) as decimal(18, 4)) as gap_units,
        greatest(cover_units - aim_units, 0) as spare_units
    from aimed

)

select
    *,
    cast(
        sum(spare_units) over (partition by company_id, product_id) - spare_units as decimal(18, 4)
    ) as spare_elsewhere_units
from gaps
