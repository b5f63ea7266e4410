-- One row per Odoo stock move line (what of a move goes from where to where): newest version, usable or not.

with newest as (

    {{ newest_versions('odoo', 'stock_move_line') }}

),

moves as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__stock_move') }}

),

products as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__product_product') }}

),

units as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__uom_uom') }}

),

from_locations as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__stock_location') }}

),

to_locations as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__stock_location') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'move_id') }} as move_id,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'product_uom_id') }} as unit_id,
        {{ odoo_id('payload', 'location_id') }} as from_location_id,
        {{ odoo_id('payload', 'location_dest_id') }} as to_location_id,
        {{ odoo_id('payload', 'lot_id') }} as lot_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'state') }} as line_state,
        {{ is_stock_state('payload') }} as is_known_state,
        {{ odoo_text('payload', 'reference') }} as reference,

        -- units: in unit_id, and the ERP's own figure in the product's base unit
        {{ odoo_decimal('payload', 'quantity', 'decimal(18, 4)') }} as moved_units,
        {{ odoo_decimal('payload', 'quantity_product_uom', 'decimal(18, 4)') }} as erp_base_units,

        -- stamps, UTC
        {{ odoo_stamp('payload', 'date') }} as moved_at,
        {{ odoo_stamp('payload', 'create_date') }} as created_at,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        typed.*,
        case
            when typed.is_deleted then null
            when typed.move_id is null then 'line without a move'
            when typed.product_id is null then 'line without a product'
            when
                typed.from_location_id is null or typed.to_location_id is null
                then 'line without both locations'
            when typed.unit_id is null then 'line without a unit of measure'
            when not typed.is_known_state then 'state unknown'
            when typed.moved_units is null then 'quantity missing or not a number'
            when typed.moved_units < 0 then 'negative quantity on a move line'
            when moves.record_key is null or moves.is_deleted then 'move not landed'
            when moves.quarantine_reason is not null then 'move: ' || moves.quarantine_reason
            when products.record_key is null or products.is_deleted then 'product not landed'
            when products.quarantine_reason is not null then 'product: ' || products.quarantine_reason
            when units.record_key is null or units.is_deleted then 'unit not landed'
            when units.quarantine_reason is not null then 'unit: ' || units.quarantine_reason
            when from_locations.record_key is null or from_locations.is_deleted then 'location not landed'
            when
                from_locations.quarantine_reason is not null
                then 'location: ' || from_locations.quarantine_reason
            when to_locations.record_key is null or to_locations.is_deleted then 'location not landed'
            when
                to_locations.quarantine_reason is not null
                then 'location: ' || to_locations.quarantine_reason
        end as quarantine_reason

    from typed
    left join moves on typed.move_id = moves.record_key
    left join products on typed.product_id = products.record_key
    left join units on typed.unit_id = units.record_key
    left join from_locations on typed.from_location_id = from_locations.record_key
    left join to_locations on typed.to_location_id = to_locations.record_key

)

select * from judged
