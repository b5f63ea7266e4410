-- One row per Odoo warehouse: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'stock_warehouse') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('lot_stock_id') }} as stock_location_id,
    {{ odoo_id('view_location_id') }} as view_location_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as warehouse_name,
    {{ odoo_text('code') }} as warehouse_code,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'company_id is null': 'warehouse without a company',
    }) }} as quarantine_reason

from records
