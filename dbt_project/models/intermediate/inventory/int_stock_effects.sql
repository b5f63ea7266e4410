-- One row per done move line and warehouse whose stock it changes: a transfer between warehouses gives two.

with moves as (

    select * from {{ ref('int_stock_moves_costed') }}
    where is_storable

),

effects as (

    select
        move_line_id,
        company_id,
        product_id,
        to_warehouse_id as warehouse_id,
        move_date,
        moved_units as units
    from moves
    where to_warehouse_id is not null

    union all

    select
        move_line_id,
        company_id,
        product_id,
        from_warehouse_id as warehouse_id,
        move_date,
        cast(-moved_units as decimal(18, 4)) as units
    from moves
    where from_warehouse_id is not null

)

select * from effects
