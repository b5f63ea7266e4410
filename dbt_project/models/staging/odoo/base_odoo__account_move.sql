-- One row per Odoo journal entry (invoice, bill, credit note, payment): newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'account_move') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('partner_id') }} as partner_id,
    {{ odoo_id('commercial_partner_id') }} as commercial_partner_id,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('company_currency_id') }} as company_currency_id,
    {{ odoo_id('reversed_entry_id') }} as reversed_move_id,
    {{ odoo_id('journal_id') }} as journal_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as move_name,
    {{ odoo_text('move_type') }} as move_type,
    {{ odoo_text('state') }} as move_state,
    {{ odoo_text('payment_state') }} as payment_state,
    {{ odoo_text('payment_reference') }} as payment_reference,
    {{ odoo_text('ref') }} as move_ref,
    {{ odoo_text('invoice_origin') }} as invoice_origin,

    -- money, in the document's currency; _signed in the company's
    {{ odoo_decimal('amount_untaxed') }} as untaxed_amount,
    {{ odoo_decimal('amount_tax') }} as tax_amount,
    {{ odoo_decimal('amount_total') }} as total_amount,
    {{ odoo_decimal('amount_residual') }} as residual_amount,
    {{ odoo_decimal('amount_total_signed') }} as total_signed_amount,
    {{ odoo_decimal('amount_residual_signed') }} as residual_signed_amount,

    -- dates
    {{ odoo_date('date') }} as accounting_date,
    {{ odoo_date('invoice_date') }} as invoice_date,
    {{ odoo_date('invoice_date_due') }} as due_date,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        "move_state = 'posted' and accounting_date is null": 'posted without a date',
        'total_amount is null': 'amount missing or not a number',
        is_finer_than_cent(['amount_total', 'amount_residual']): 'amount finer than a cent',
    }) }} as quarantine_reason

from records
