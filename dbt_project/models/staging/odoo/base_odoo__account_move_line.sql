-- One row per Odoo journal item: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'account_move_line') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'move_id') }} as move_id,
        {{ odoo_id('payload', 'account_id') }} as account_id,
        {{ odoo_id('payload', 'partner_id') }} as partner_id,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'company_currency_id') }} as company_currency_id,
        {{ odoo_id('payload', 'purchase_line_id') }} as purchase_line_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'move_name') }} as move_name,
        {{ odoo_text('payload', 'parent_state') }} as move_state,
        {{ odoo_text('payload', 'display_type') }} as display_type,

        -- units
        {{ odoo_decimal('payload', 'quantity', 'decimal(18, 6)') }} as quantity,

        -- money: balance is debit less credit in the company's currency, amount_currency in the line's
        {{ odoo_decimal('payload', 'balance') }} as balance_amount,
        {{ odoo_decimal('payload', 'amount_currency') }} as currency_amount,
        {{ odoo_decimal('payload', 'amount_residual') }} as residual_amount,
        {{ odoo_decimal('payload', 'amount_residual_currency') }} as residual_currency_amount,

        -- dates
        {{ odoo_date('payload', 'date') }} as accounting_date,
        {{ odoo_date('payload', 'date_maturity') }} as due_date,

        -- flags
        {{ has_fraction_of_cent('payload', ['balance', 'amount_currency']) }} as has_fraction_of_cent,

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
            when move_id is null or (account_id is null and display_type is null)
                then 'journal item without entry or account'
            when move_state = 'posted' and accounting_date is null then 'posted without a date'
            when balance_amount is null then 'balance missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
        end as quarantine_reason

    from typed

)

select * from judged
