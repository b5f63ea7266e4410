-- One row per unit price set by hand for a product in a company: its stock is worth that from then on.

with set_values as (

    select * from {{ ref('stg_odoo__product_value') }}
    -- With a move it corrects that move (and stands in the move's value); with a lot, that lot.
    where move_id is null and lot_id is null and product_id is not null

)

select
    product_value_id,
    company_id,
    product_id,
    value_amount as unit_price,
    valued_at,
    {{ business_date('valued_at') }} as valued_date
from set_values
