-- One row per stocked product that can be bought: from whom, at what price and in what quantities.

with products as (

    select * from {{ ref('int_products') }}
    where is_storable

),

offers as (

    select * from {{ ref('int_supplier_prices_ranked') }}

),

last_orders as (

    select *
    from {{ ref('int_purchase_lines') }}
    where ordered_date <= {{ as_of_date() }}
    qualify row_number() over (
        partition by product_id
        order by ordered_date desc, cast(purchase_line_id as bigint) desc
    ) = 1

)

select
    products.product_id,
    coalesce(offers.supplier_id, last_orders.supplier_id) as supplier_id,
    case when offers.product_id is not null then 'price list' else 'last order' end as offer_basis,
    coalesce(
        offers.delay_days, {{ days_between('last_orders.ordered_date', 'last_orders.promised_date') }}
    ) as promised_days,
    -- Nobody delivers in packs of nothing.
    coalesce(nullif(offers.pack_size_units, 0), 1) as pack_size_units,
    coalesce(offers.minimum_order_units, 0) as minimum_order_units,
    coalesce(offers.unit_price, last_orders.unit_price) as unit_price,
    case when offers.unit_price is not null then offers.currency_code else last_orders.currency_code end
        as currency_code

from products
left join offers on products.product_id = offers.product_id
left join last_orders on products.product_id = last_orders.product_id
where coalesce(offers.supplier_id, last_orders.supplier_id) is not null
