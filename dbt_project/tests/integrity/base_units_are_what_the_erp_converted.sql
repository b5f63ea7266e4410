-- Our conversion by factors against the ERP's own, which rounds to two decimals.

select
    move_line_id,
    moved_units,
    erp_base_units
from {{ ref('int_stock_moves_costed') }}
where abs(moved_units - erp_base_units) > 0.005
