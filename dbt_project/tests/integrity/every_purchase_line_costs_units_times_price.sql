-- Units, price and amount of a line are told apart by the ERP: one that slipped shows beside the other two.
-- A warning, with room for rounding per unit: the line is the ERP's to mend.
{{ config(severity='warn') }}

select
    purchase_line_id,
    ordered_units,
    unit_price,
    amount
from {{ ref('int_purchase_lines') }}
where abs(amount - ordered_units * unit_price) > 0.01 * abs(amount) + 0.05
