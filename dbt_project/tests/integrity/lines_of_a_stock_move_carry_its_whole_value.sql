-- The value the ERP put on a done move that enters or leaves is spread over its lines to the last cent.

with moves as (

    select
        move_id,
        value_amount
    from {{ ref('stg_odoo__stock_move') }}
    where move_state = 'done'

),

lines as (

    select
        move_id,
        sum(abs(value_amount)) as value_amount,
        sum(moved_units) as moved_units
    from {{ ref('int_stock_moves_costed') }}
    where direction <> 0
    group by move_id

)

select
    lines.move_id,
    lines.value_amount,
    moves.value_amount as move_value
from lines
inner join moves on lines.move_id = moves.move_id
where
    lines.value_amount <> abs(moves.value_amount)
    and lines.moved_units <> 0
