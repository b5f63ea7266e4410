-- One row per deal and stocked product among its line items, in base units of the product.

with items as (

    select * from {{ ref('stg_hubspot__line_items') }}

),

links as (

    select * from {{ ref('stg_hubspot__deals_to_line_items') }}

),

products as (

    select
        product_id,
        product_code
    from {{ ref('int_products') }}
    where is_storable and product_code is not null
    -- Codes are the ERP's to give; of two products with one code the older is meant.
    qualify row_number() over (partition by product_code order by cast(product_id as bigint)) = 1

)

select
    links.deal_id,
    products.product_id,
    cast(sum(items.ordered_units) as decimal(18, 4)) as deal_units

from links
inner join items on links.line_item_id = items.line_item_id
inner join products on items.product_code = products.product_code
group by links.deal_id, products.product_id
