-- One row per planned effect on a warehouse and the days it stood: incoming, outgoing or reserved.

{# A unit nobody knows is counted as it comes (docs/decisions/0049). #}
{% set line_factor = 'coalesce(units.line_factor, products.product_factor)' %}

with moves as (

    select * from {{ ref('stg_odoo__stock_move') }}
    -- A draft is a wish that the ERP does not count either.
    where move_state <> 'draft'

),

lines as (

    select * from {{ ref('stg_odoo__stock_move_line') }}

),

products as (

    select
        product_id,
        unit_id,
        units_per_reference as product_factor
    from {{ ref('int_products') }}
    where is_storable

),

units as (

    select
        unit_id,
        units_per_reference as line_factor
    from {{ ref('stg_odoo__uom_uom') }}

),

locations as (

    select * from {{ ref('int_locations_placed') }}

),

planned as (

    select
        moves.move_id,
        moves.company_id,
        moves.product_id,
        sources.warehouse_id as from_warehouse_id,
        targets.warehouse_id as to_warehouse_id,
        {{ convert_units('moves.planned_units', line_factor, 'products.product_factor') }}
            as units,
        {{ business_date('moves.created_at') }} as from_date,
        case moves.move_state
            when 'done' then {{ business_date('moves.moved_at') }}
            -- Nobody notes when a move is cancelled: its last edit is the latest it can have been.
            when 'cancel' then {{ business_date('moves.written_at') }}
            else {{ open_end() }}
        end as to_date

    from moves
    inner join products on moves.product_id = products.product_id
    left join units on coalesce(moves.unit_id, products.unit_id) = units.unit_id
    inner join locations as sources on moves.from_location_id = sources.location_id
    inner join locations as targets on moves.to_location_id = targets.location_id
    -- Shifting goods inside one warehouse neither brings nor takes anything.
    where coalesce(sources.warehouse_id, '') <> coalesce(targets.warehouse_id, '')

),

reserved as (

    -- Odoo writes the line of a move when it takes goods aside for it.
    select
        planned.move_id,
        planned.company_id,
        planned.product_id,
        planned.from_warehouse_id as warehouse_id,
        {{ convert_units('lines.moved_units', line_factor, 'products.product_factor') }}
            as units,
        {{ business_date('lines.created_at') }} as from_date,
        planned.to_date

    from lines
    inner join planned on lines.move_id = planned.move_id
    inner join products on lines.product_id = products.product_id
    left join units on lines.unit_id = units.unit_id
    where planned.from_warehouse_id is not null

),

plans as (

    select
        move_id,
        company_id,
        product_id,
        to_warehouse_id as warehouse_id,
        'incoming' as plan_kind,
        units,
        from_date,
        to_date
    from planned
    where to_warehouse_id is not null

    union all

    select
        move_id,
        company_id,
        product_id,
        from_warehouse_id as warehouse_id,
        'outgoing' as plan_kind,
        units,
        from_date,
        to_date
    from planned
    where from_warehouse_id is not null

    union all

    select
        move_id,
        company_id,
        product_id,
        warehouse_id,
        'reserved' as plan_kind,
        units,
        from_date,
        to_date
    from reserved

)

select * from plans
-- Posted on the day it was entered, or back-dated: never stood as a plan at the end of a day.
where from_date < to_date
