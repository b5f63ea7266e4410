-- One row per product with a supplier price: the supplier we would order from first.

with prices as (

    select * from {{ ref('stg_odoo__product_supplierinfo') }}

),

products as (

    select
        product_id,
        product_template_id,
        units_per_reference as product_factor
    from {{ ref('int_products') }}

),

units as (

    select
        unit_id,
        units_per_reference as offer_factor
    from {{ ref('stg_odoo__uom_uom') }}

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

),

offers as (

    select
        products.product_id,
        prices.supplier_price_id,
        prices.partner_id as supplier_id,
        prices.product_id is not null as is_for_variant,
        prices.delay_days,
        prices.minimum_order_units as minimum_packs,
        prices.unit_price as pack_price,
        currencies.currency_code,
        coalesce(units.offer_factor, products.product_factor) as offer_factor,
        products.product_factor

    from products
    inner join prices
        on
            products.product_template_id = prices.product_template_id
            and coalesce(prices.product_id, products.product_id) = products.product_id
    left join units on prices.unit_id = units.unit_id
    left join currencies on prices.currency_id = currencies.currency_id

)

select
    product_id,
    supplier_id,
    delay_days,
    {{ convert_units('1', 'offer_factor', 'product_factor') }} as pack_size_units,
    {{ convert_units('coalesce(minimum_packs, 0)', 'offer_factor', 'product_factor') }} as minimum_order_units,
    {{ convert_price('pack_price', 'offer_factor', 'product_factor') }} as unit_price,
    currency_code
from offers
-- Odoo's own order, as far as it is landed: an offer for the variant, the smallest minimum, the older record.
qualify row_number() over (
    partition by product_id
    order by is_for_variant desc, minimum_packs asc, cast(supplier_price_id as bigint)
) = 1
