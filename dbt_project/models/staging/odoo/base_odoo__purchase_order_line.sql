-- One row per Odoo purchase order line, sections and notes included: newest version known, usable or not.

{{ config(materialized='table') }}

with typed as (

    select * from {{ ref('typed_odoo__purchase_order_line') }}

),

judged as (

    {{ judged_by_needs('typed', needs={
        'purchase_order_id': ['order', ref('base_odoo__purchase_order')],
        'product_id': ['product', ref('base_odoo__product_product')],
    }) }}

)

select * from judged
