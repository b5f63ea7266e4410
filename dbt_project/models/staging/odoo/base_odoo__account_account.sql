-- One row per Odoo ledger account: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'account_account') }}

)

select
    -- keys
    record_key,

    -- text
    {{ odoo_text('code') }} as account_code,
    {{ odoo_text('name') }} as account_name,
    {{ odoo_text('account_type') }} as account_type,

    -- flags
    {{ odoo_flag('reconcile') }} as is_reconcilable,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'account_type is null': 'account without a type',
    }) }} as quarantine_reason

from records
