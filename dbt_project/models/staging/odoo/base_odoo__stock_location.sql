-- One row per Odoo stock location: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'stock_location') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('location_id') }} as parent_location_id,
    {{ odoo_id('warehouse_id') }} as warehouse_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('complete_name') }} as location_name,
    {{ odoo_text('usage') }} as location_kind,

    -- flags
    {{ odoo_flag('active') }} as is_active,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'location_kind is null': 'location without a usage',
    }) }} as quarantine_reason

from records
