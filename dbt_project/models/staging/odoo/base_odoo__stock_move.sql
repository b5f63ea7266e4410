-- One row per Odoo stock move, planned, done or cancelled: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'stock_move') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('product_uom') }} as unit_id,
    {{ odoo_id('location_id') }} as from_location_id,
    {{ odoo_id('location_dest_id') }} as to_location_id,
    {{ odoo_id('picking_id') }} as picking_id,
    {{ odoo_id('purchase_line_id') }} as purchase_line_id,
    {{ odoo_id('sale_line_id') }} as sale_line_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('state') }} as move_state,
    {{ odoo_text('origin') }} as origin,
    {{ odoo_text('reference') }} as reference,

    -- units, in unit_id
    {{ odoo_decimal('product_uom_qty', 'decimal(18, 4)') }} as planned_units,
    {{ odoo_decimal('quantity', 'decimal(18, 4)') }} as moved_units,

    -- money, in the company's currency
    {{ odoo_decimal('value') }} as value_amount,
    {{ odoo_decimal('price_unit', 'decimal(18, 6)') }} as unit_price,

    -- stamps, UTC; moved_at is the planned moment until the move is done
    {{ odoo_stamp('date') }} as moved_at,
    {{ odoo_stamp('create_date') }} as created_at,
    {{ odoo_stamp('write_date') }} as written_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'product_id is null': 'move without a product',
        'from_location_id is null or to_location_id is null': 'move without both locations',
        'company_id is null': 'move without a company',
        'moved_at is null': 'date missing or not a date',
        'not ' ~ is_stock_state('move_state'): 'state unknown',
        'planned_units is null': 'quantity missing or not a number',
        is_finer_than_cent(['value']): 'amount finer than a cent',
    }) }} as quarantine_reason

from records
