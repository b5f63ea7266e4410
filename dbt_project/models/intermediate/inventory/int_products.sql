-- One row per thing that is bought, kept or sold, archived ones included.

with products as (

    select * from {{ ref('stg_odoo__product_product') }}

),

templates as (

    select * from {{ ref('stg_odoo__product_template') }}

),

categories as (

    select * from {{ ref('stg_odoo__product_category') }}

),

units as (

    select * from {{ ref('stg_odoo__uom_uom') }}

)

select
    products.product_id,
    products.product_template_id,
    products.product_code,
    coalesce(products.variant_name, templates.product_name) as product_name,
    coalesce(categories.category_name, 'unmapped') as product_family,
    templates.product_type,
    templates.is_storable,
    -- Odoo's own default is standard too; the var speaks for an ERP that does not show the method.
    coalesce(templates.cost_method, '{{ var("stock_cost_method", "standard") }}') as cost_method,
    products.is_active and templates.is_active as is_active,
    templates.company_id,
    templates.unit_id,
    -- A unit nobody knows is counted as it comes (docs/decisions/0049).
    coalesce(units.unit_name, 'unmapped') as unit_name,
    coalesce(units.units_per_reference, 1) as units_per_reference,
    templates.list_price,
    products.standard_price
from products
inner join templates on products.product_template_id = templates.product_template_id
left join categories on templates.category_id = categories.category_id
left join units on templates.unit_id = units.unit_id
