-- One row per Odoo payment: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'account_payment') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('partner_id') }} as partner_id,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('journal_id') }} as journal_id,
    {{ odoo_id('move_id') }} as move_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as payment_name,
    {{ odoo_text('partner_type') }} as partner_type,
    {{ odoo_text('payment_type') }} as payment_type,
    {{ odoo_text('state') }} as payment_state,
    {{ odoo_text('memo') }} as memo,

    -- money, in the payment's currency; always positive, payment_type gives the direction
    {{ odoo_decimal('amount') }} as payment_amount,

    -- dates
    {{ odoo_date('date') }} as payment_date,

    -- flags
    {{ odoo_flag('is_reconciled') }} as is_reconciled,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'payment_amount is null': 'amount missing or not a number',
        is_finer_than_cent(['amount']): 'amount finer than a cent',
    }) }} as quarantine_reason

from records
