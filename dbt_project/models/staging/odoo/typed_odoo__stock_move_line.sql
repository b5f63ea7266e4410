-- One row per Odoo stock move line (what of a move goes from where to where): newest version, judged on its own.

with records as (

    {{ newest_records('odoo', 'stock_move_line') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('move_id') }} as move_id,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('product_uom_id') }} as unit_id,
    {{ odoo_id('location_id') }} as from_location_id,
    {{ odoo_id('location_dest_id') }} as to_location_id,
    {{ odoo_id('lot_id') }} as lot_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('state') }} as line_state,
    {{ odoo_text('reference') }} as reference,

    -- units: in unit_id, and the ERP's own figure in the product's base unit
    {{ odoo_decimal('quantity', 'decimal(18, 4)') }} as moved_units,
    {{ odoo_decimal('quantity_product_uom', 'decimal(18, 4)') }} as erp_base_units,

    -- stamps, UTC
    {{ odoo_stamp('date') }} as moved_at,
    {{ odoo_stamp('create_date') }} as created_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'move_id is null': 'line without a move',
        'product_id is null': 'line without a product',
        'from_location_id is null or to_location_id is null': 'line without both locations',
        'unit_id is null': 'line without a unit of measure',
        'not ' ~ is_stock_state('line_state'): 'state unknown',
        'moved_units is null': 'quantity missing or not a number',
        'moved_units < 0': 'negative quantity on a move line',
    }) }} as own_reason

from records
