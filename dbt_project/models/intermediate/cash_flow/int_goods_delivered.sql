-- One row per done move line between us and a customer (delivery) or a supplier (receipt), with its order; returns too.

with moves as (

    select * from {{ ref('int_stock_moves_placed') }}

),

sale_lines as (

    select * from {{ ref('stg_odoo__sale_order_line') }}

),

purchase_lines as (

    select * from {{ ref('stg_odoo__purchase_order_line') }}

),

deliveries as (

    select
        'delivery' as goods_kind,
        moves.move_line_id,
        moves.reference,
        moves.move_date,
        moves.moved_at,
        'sale_order' as order_kind,
        sale_lines.sale_line_id as order_line_id,
        sale_lines.sale_order_id as order_id,
        case when moves.to_place = 'customer' then -moves.moved_units else moves.moved_units end as units

    from moves
    left join sale_lines on moves.sale_line_id = sale_lines.sale_line_id
    where 'customer' in (moves.from_place, moves.to_place)

),

receipts as (

    select
        'receipt' as goods_kind,
        moves.move_line_id,
        moves.reference,
        moves.move_date,
        moves.moved_at,
        'purchase_order' as order_kind,
        purchase_lines.purchase_line_id as order_line_id,
        purchase_lines.purchase_order_id as order_id,
        case when moves.to_place = 'supplier' then -moves.moved_units else moves.moved_units end as units

    from moves
    left join purchase_lines on moves.purchase_line_id = purchase_lines.purchase_line_id
    where 'supplier' in (moves.from_place, moves.to_place)

)

-- What goes from a supplier straight to a customer is in both.
select * from deliveries
union all
select * from receipts
