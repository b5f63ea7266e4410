-- One row per Odoo journal item: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'account_move_line') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('move_id') }} as move_id,
    {{ odoo_id('account_id') }} as account_id,
    {{ odoo_id('partner_id') }} as partner_id,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('company_currency_id') }} as company_currency_id,
    {{ odoo_id('purchase_line_id') }} as purchase_line_id,
    -- Odoo allows several; its own invoices name one.
    {{ json_text("fields['sale_line_ids']", '[0]') }} as sale_line_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('move_name') }} as move_name,
    {{ odoo_text('parent_state') }} as move_state,
    {{ odoo_text('display_type') }} as display_type,

    -- units
    {{ odoo_decimal('quantity', 'decimal(18, 6)') }} as quantity,

    -- money: balance is debit less credit in the company's currency, amount_currency in the line's
    {{ odoo_decimal('balance') }} as balance_amount,
    {{ odoo_decimal('amount_currency') }} as currency_amount,
    {{ odoo_decimal('amount_residual') }} as residual_amount,
    {{ odoo_decimal('amount_residual_currency') }} as residual_currency_amount,

    -- dates
    {{ odoo_date('date') }} as accounting_date,
    {{ odoo_date('date_maturity') }} as due_date,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'move_id is null or (account_id is null and display_type is null)': 'journal item without entry or account',
        "move_state = 'posted' and accounting_date is null": 'posted without a date',
        'balance_amount is null': 'balance missing or not a number',
        is_finer_than_cent(['balance', 'amount_currency']): 'amount finer than a cent',
    }) }} as quarantine_reason

from records
