-- One row per company and month: as it last was in the report, usable or not.

with records as (

    {{ newest_records('odoo', 'account_move_line_by_month') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('company_id') }} as company_id,
    try_cast({{ odoo_id('date:month') }} as date) as month_start_date,

    -- figures
    {{ odoo_decimal('balance:sum') }} as balance_amount,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'company_id is null or month_start_date is null': 'group without company or month',
        'balance_amount is null': 'balance missing or not a number',
    }) }} as quarantine_reason

from records
