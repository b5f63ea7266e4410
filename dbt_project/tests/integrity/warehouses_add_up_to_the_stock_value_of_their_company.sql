-- On every day something changed, the warehouses' values are the company's value of the product, to the cent.

with shared as (

    select
        company_id,
        product_id,
        change_date,
        sum(on_hand_units) as on_hand_units,
        sum(value_amount) as value_amount
    from {{ ref('int_stock_levels_valued') }}
    group by company_id, product_id, change_date

),

spans as (

    select * from {{ ref('int_stock_value_spans') }}

)

select
    spans.company_id,
    spans.product_id,
    spans.valid_from_date,
    spans.company_units,
    shared.on_hand_units,
    spans.company_value,
    shared.value_amount
from spans
left join shared
    on
        spans.company_id = shared.company_id
        and spans.product_id = shared.product_id
        and spans.valid_from_date = shared.change_date
-- A price set before the first goods came has no warehouse yet.
where
    coalesce(shared.value_amount, 0) <> spans.company_value
    or coalesce(shared.on_hand_units, 0) <> spans.company_units
