-- One row per done move line.

with moves as (

    select * from {{ ref('int_stock_moves_costed') }}

),

kinds as (

    select * from {{ ref('stock_movements') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

)

select
    moves.move_line_id,
    moves.move_id,
    moves.company_id,
    moves.product_id,
    moves.from_warehouse_id,
    moves.to_warehouse_id,
    case
        when moves.from_warehouse_id = moves.to_warehouse_id then 'within_warehouse'
        else coalesce(kinds.movement, 'other')
    end as movement,
    moves.moved_at,
    moves.move_date,
    moves.created_date,
    moves.move_date < moves.created_date as is_backdated,
    moves.moved_units,
    moves.units,
    moves.unit_cost,
    moves.value_amount,
    moves.currency_code,
    {{ divide_money('moves.value_amount', 'rates.units_per_reporting') }} as value_reporting,
    moves.purchase_line_id,
    moves.sale_line_id,
    moves.origin,
    moves.reference
from moves
left join kinds
    on
        moves.from_place = kinds.from_place
        and moves.to_place = kinds.to_place
left join rates
    on
        moves.currency_code = rates.currency_code
        and moves.move_date >= rates.valid_from_date
        and moves.move_date < rates.valid_to_date
