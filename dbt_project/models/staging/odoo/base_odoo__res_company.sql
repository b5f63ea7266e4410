-- One row per Odoo company: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'res_company') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('partner_id') }} as partner_id,

    -- text
    {{ odoo_text('name') }} as company_name,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'currency_id is null': 'company without a currency',
    }) }} as quarantine_reason

from records
