-- One row per product (the variant: what is bought, kept and sold).

with products as (

    select * from {{ ref('int_products') }}

),

offers as (

    select * from {{ ref('int_supplier_prices_ranked') }}

)

select
    products.product_id,
    products.product_code,
    products.product_name,
    products.product_family,
    case
        when products.product_type = 'service' then 'service'
        when products.is_storable then 'stocked'
        else 'consumable'
    end as product_kind,
    products.is_storable and products.product_type <> 'service' as is_stocked,
    products.unit_name as base_unit,
    cast(products.standard_price as decimal(18, 4)) as standard_cost,
    cast(products.list_price as decimal(18, 4)) as list_price,
    offers.supplier_id as main_supplier_id,
    offers.delay_days as lead_time_days,
    offers.minimum_order_units,
    offers.pack_size_units,
    products.is_active
from products
left join offers on products.product_id = offers.product_id
