-- Parity: units received per purchase line, from the moves, against the ERP's own figure on the line.

{{ config(severity='warn') }}

select
    purchased.purchase_line_id,
    purchased.received_units,
    erp_lines.erp_received_units
from {{ ref('fct_purchase_line') }} as purchased
inner join {{ ref('int_purchase_lines') }} as erp_lines
    on purchased.purchase_line_id = erp_lines.purchase_line_id
inner join {{ ref('dim_product') }} as products on purchased.product_id = products.product_id
where
    products.product_kind <> 'service'
    and purchased.received_units <> coalesce(erp_lines.erp_received_units, 0)
