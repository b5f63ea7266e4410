-- One row per company, ledger account and partner: as it last was in the report, usable or not.

with records as (

    {{ newest_records('odoo', 'account_move_line_by_partner') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('company_id') }} as company_id,
    {{ odoo_id('account_id') }} as account_id,
    {{ odoo_id('partner_id') }} as partner_id,

    -- figures
    {{ odoo_decimal('amount_residual:sum') }} as residual_amount,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'company_id is null or account_id is null': 'group without company or account',
        'residual_amount is null': 'residual missing or not a number',
    }) }} as quarantine_reason

from records
