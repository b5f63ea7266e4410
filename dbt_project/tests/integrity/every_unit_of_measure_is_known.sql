-- Goods in a unit nobody knows are counted as they come, and stay in stock and spend: the unit belongs into the ERP.

{{ config(severity='warn') }}

with used as (

    select
        'stock move line' as record,
        move_line_id as record_id,
        unit_id
    from {{ ref('stg_odoo__stock_move_line') }}

    union all

    select
        'purchase line' as record,
        purchase_line_id as record_id,
        unit_id
    from {{ ref('stg_odoo__purchase_order_line') }}
    where product_id is not null

    union all

    select
        'product template' as record,
        product_template_id as record_id,
        unit_id
    from {{ ref('stg_odoo__product_template') }}

)

select used.*
from used
left join {{ ref('stg_odoo__uom_uom') }} as units on used.unit_id = units.unit_id
where units.unit_id is null
