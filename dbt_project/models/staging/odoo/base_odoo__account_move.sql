-- One row per Odoo journal entry (invoice, bill, credit note, payment): newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'account_move') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'partner_id') }} as partner_id,
        {{ odoo_id('payload', 'commercial_partner_id') }} as commercial_partner_id,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'company_currency_id') }} as company_currency_id,
        {{ odoo_id('payload', 'reversed_entry_id') }} as reversed_move_id,
        {{ odoo_id('payload', 'journal_id') }} as journal_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as move_name,
        {{ odoo_text('payload', 'move_type') }} as move_type,
        {{ odoo_text('payload', 'state') }} as move_state,
        {{ odoo_text('payload', 'payment_state') }} as payment_state,
        {{ odoo_text('payload', 'payment_reference') }} as payment_reference,
        {{ odoo_text('payload', 'ref') }} as move_ref,
        {{ odoo_text('payload', 'invoice_origin') }} as invoice_origin,

        -- money, in the document's currency; _signed in the company's
        {{ odoo_decimal('payload', 'amount_untaxed') }} as untaxed_amount,
        {{ odoo_decimal('payload', 'amount_tax') }} as tax_amount,
        {{ odoo_decimal('payload', 'amount_total') }} as total_amount,
        {{ odoo_decimal('payload', 'amount_residual') }} as residual_amount,
        {{ odoo_decimal('payload', 'amount_total_signed') }} as total_signed_amount,
        {{ odoo_decimal('payload', 'amount_residual_signed') }} as residual_signed_amount,

        -- dates
        {{ odoo_date('payload', 'date') }} as accounting_date,
        {{ odoo_date('payload', 'invoice_date') }} as invoice_date,
        {{ odoo_date('payload', 'invoice_date_due') }} as due_date,

        -- flags
        {{ has_fraction_of_cent('payload', ['amount_total', 'amount_residual']) }} as has_fraction_of_cent,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        *,
        case
            when is_deleted then null
            when move_state = 'posted' and accounting_date is null then 'posted without a date'
            when total_amount is null then 'amount missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
        end as quarantine_reason

    from typed

)

select * from judged
