-- One row per Odoo stock move line (what of a move goes from where to where): newest version, usable or not.

{{ config(materialized='table') }}

with typed as (

    select * from {{ ref('typed_odoo__stock_move_line') }}

),

judged as (

    {{ judged_by_needs('typed', needs={
        'move_id': ['move', ref('base_odoo__stock_move')],
        'product_id': ['product', ref('base_odoo__product_product')],
        'from_location_id': ['location', ref('base_odoo__stock_location')],
        'to_location_id': ['location', ref('base_odoo__stock_location')],
    }) }}

)

select * from judged
