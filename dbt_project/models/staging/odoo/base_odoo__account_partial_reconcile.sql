-- One row per Odoo matching of a debit with a credit journal item: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'account_partial_reconcile') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('debit_move_id') }} as debit_move_line_id,
    {{ odoo_id('credit_move_id') }} as credit_move_line_id,
    {{ odoo_id('exchange_move_id') }} as exchange_move_id,
    {{ odoo_id('company_id') }} as company_id,

    -- money: company currency, then each side's own
    {{ odoo_decimal('amount') }} as company_amount,
    {{ odoo_decimal('debit_amount_currency') }} as debit_currency_amount,
    {{ odoo_decimal('credit_amount_currency') }} as credit_currency_amount,

    -- dates
    {{ odoo_date('max_date') }} as matched_date,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'debit_move_line_id is null or credit_move_line_id is null': 'matching without both sides',
        'matched_date is null': 'matching without a date',
        'company_amount is null or debit_currency_amount is null or credit_currency_amount is null':
            'amount missing or not a number',
        is_finer_than_cent(['amount', 'debit_amount_currency', 'credit_amount_currency']): 'amount finer than a cent',
    }) }} as quarantine_reason

from records
