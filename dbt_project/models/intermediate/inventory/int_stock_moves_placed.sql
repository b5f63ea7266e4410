-- One row per done move line: base units, from and to warehouse, direction as seen from the company.

with lines as (

    select * from {{ ref('stg_odoo__stock_move_line') }}
    where line_state = 'done'

),

moves as (

    select * from {{ ref('stg_odoo__stock_move') }}

),

products as (

    select * from {{ ref('int_products') }}

),

units as (

    select * from {{ ref('stg_odoo__uom_uom') }}

),

locations as (

    select * from {{ ref('int_locations_placed') }}

)

select
    lines.move_line_id,
    lines.move_id,
    moves.company_id,
    lines.product_id,
    products.is_storable,
    lines.from_location_id,
    lines.to_location_id,
    sources.warehouse_id as from_warehouse_id,
    targets.warehouse_id as to_warehouse_id,
    sources.place_kind as from_place,
    targets.place_kind as to_place,
    case
        when targets.is_owned and not sources.is_owned then 1
        when sources.is_owned and not targets.is_owned then -1
        else 0
    end as direction,
    -- Of a unit nobody knows the ERP's own conversion must do, else the figure as it stands (docs/decisions/0049).
    case
        when units.unit_id is null then coalesce(lines.erp_base_units, lines.moved_units)
        else {{ convert_units('lines.moved_units', 'units.units_per_reference', 'products.units_per_reference') }}
    end as moved_units,
    lines.erp_base_units,
    coalesce(moves.value_amount, 0) as move_value,
    moves.purchase_line_id,
    moves.sale_line_id,
    moves.origin,
    coalesce(lines.reference, moves.reference) as reference,
    -- The move's own stamp, not the line's: it is the one that Odoo counts stock at a date by.
    moves.moved_at,
    {{ business_date('moves.moved_at') }} as move_date,
    coalesce(lines.created_at, moves.created_at) as created_at,
    lines.changed_at
from lines
inner join moves on lines.move_id = moves.move_id
inner join products on lines.product_id = products.product_id
left join units on lines.unit_id = units.unit_id
inner join locations as sources on lines.from_location_id = sources.location_id
inner join locations as targets on lines.to_location_id = targets.location_id
