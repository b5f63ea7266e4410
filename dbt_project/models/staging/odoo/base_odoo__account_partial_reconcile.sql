-- One row per Odoo matching of a debit with a credit journal item: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'account_partial_reconcile') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'debit_move_id') }} as debit_move_line_id,
        {{ odoo_id('payload', 'credit_move_id') }} as credit_move_line_id,
        {{ odoo_id('payload', 'exchange_move_id') }} as exchange_move_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- money: company currency, then each side's own
        {{ odoo_decimal('payload', 'amount') }} as company_amount,
        {{ odoo_decimal('payload', 'debit_amount_currency') }} as debit_currency_amount,
        {{ odoo_decimal('payload', 'credit_amount_currency') }} as credit_currency_amount,

        -- dates
        {{ odoo_date('payload', 'max_date') }} as matched_date,

        -- flags
        {{ has_fraction_of_cent('payload', ['amount', 'debit_amount_currency', 'credit_amount_currency']) }}
            as has_fraction_of_cent,

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
            when debit_move_line_id is null or credit_move_line_id is null then 'matching without both sides'
            when matched_date is null then 'matching without a date'
            when company_amount is null or debit_currency_amount is null or credit_currency_amount is null
                then 'amount missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
        end as quarantine_reason

    from typed

)

select * from judged
