-- One row per origin and stocked product: its class by the value of what was ordered of it in the year before.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

products as (

    select * from {{ ref('int_products') }}
    where is_storable

),

demand as (

    select * from {{ ref('int_demand') }}

),

consumed as (

    select
        origins.forecast_date,
        origins.is_current,
        products.product_id,
        cast(coalesce(sum(demand.demanded_units), 0) as decimal(18, 4)) as year_units,
        cast(
            round(coalesce(sum(demand.demanded_units), 0) * coalesce(max(products.standard_price), 0), 2)
            as decimal(18, 2)
        ) as consumption_value
    from origins
    cross join products
    left join demand
        on
            products.product_id = demand.product_id
            and origins.forecast_date >= demand.day
            and {{ days_after('origins.forecast_date', -365) }} < demand.day
    group by origins.forecast_date, origins.is_current, products.product_id

),

shared as (

    select
        *,
        sum(consumption_value) over (partition by forecast_date) as all_value,
        -- What the products above it make up: the one that crosses a bound belongs to the class it begins in.
        coalesce(sum(consumption_value) over (
            partition by forecast_date order by consumption_value desc, product_id asc
            rows between unbounded preceding and 1 preceding
        ), 0) as value_above
    from consumed

)

select
    forecast_date,
    is_current,
    product_id,
    year_units,
    consumption_value,
    {{ ratio('consumption_value', 'all_value') }} as value_ratio,
    case
        -- What nobody ordered is in the last class, however little there is above it.
        when consumption_value <= 0 then 'C'
        when value_above < all_value * cast(0.80 as decimal(3, 2)) then 'A'
        when value_above < all_value * cast(0.95 as decimal(3, 2)) then 'B'
        else 'C'
    end as abc_class
from shared
