-- One row per Odoo quant (the ERP's own count of a product in a location): newest version, usable or not.

with records as (

    {{ newest_records('odoo', 'stock_quant') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('location_id') }} as location_id,
    {{ odoo_id('lot_id') }} as lot_id,
    {{ odoo_id('company_id') }} as company_id,

    -- units, in the product's base unit
    {{ odoo_decimal('quantity', 'decimal(18, 4)') }} as on_hand_units,
    {{ odoo_decimal('reserved_quantity', 'decimal(18, 4)') }} as reserved_units,

    -- stamps, UTC
    {{ odoo_stamp('in_date') }} as entered_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'product_id is null or location_id is null': 'quant without product or location',
        'on_hand_units is null': 'quantity missing or not a number',
    }) }} as quarantine_reason

from records
