-- One row per Odoo currency: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'res_currency') }}

)

select
    -- keys
    record_key,

    -- text
    {{ odoo_text('name') }} as currency_code,

    -- counts
    {{ odoo_integer('decimal_places') }} as decimal_places,

    -- flags
    {{ odoo_flag('active') }} as is_active,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'currency_code is null': 'currency without a code',
    }) }} as quarantine_reason

from records
