-- One row per Odoo journal: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'account_journal') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as journal_name,
    {{ odoo_text('code') }} as journal_code,
    {{ odoo_text('type') }} as journal_type,
    {{ odoo_text('bank_acc_number') }} as bank_account_number,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
