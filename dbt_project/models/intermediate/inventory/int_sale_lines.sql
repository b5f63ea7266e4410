-- One row per product line of a confirmed sale order, in base units of the product.

{# A line in a unit nobody knows, or of a product nobody knows, is taken as it is counted: its units and money stay. #}
{% set line_factor = 'coalesce(units.line_factor, products.product_factor, 1)' %}
{% set product_factor = 'coalesce(products.product_factor, 1)' %}

with lines as (

    select * from {{ ref('stg_odoo__sale_order_line') }}
    -- Sections and notes have no product.
    where product_id is not null

),

orders as (

    select * from {{ ref('int_sale_orders') }}

),

products as (

    select
        product_id,
        is_storable,
        units_per_reference as product_factor
    from {{ ref('int_products') }}

),

units as (

    select
        unit_id,
        units_per_reference as line_factor
    from {{ ref('stg_odoo__uom_uom') }}

)

select
    lines.sale_line_id,
    lines.sale_order_id,
    orders.company_id,
    orders.warehouse_id,
    orders.partner_id,
    orders.deal_id,
    lines.product_id,
    coalesce(products.is_storable, false) as is_storable,
    orders.ordered_date,
    orders.promised_date,
    {{ convert_units('lines.ordered_units', line_factor, product_factor) }} as ordered_units,
    {{ convert_units('lines.delivered_units', line_factor, product_factor) }} as delivered_units,
    {{ convert_units('lines.billed_units', line_factor, product_factor) }} as billed_units,
    lines.line_amount as amount,
    orders.currency_code

from lines
inner join orders on lines.sale_order_id = orders.sale_order_id
left join products on lines.product_id = products.product_id
left join units on lines.unit_id = units.unit_id
