-- One row per Odoo payment: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'account_payment') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'partner_id') }} as partner_id,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'journal_id') }} as journal_id,
        {{ odoo_id('payload', 'move_id') }} as move_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as payment_name,
        {{ odoo_text('payload', 'partner_type') }} as partner_type,
        {{ odoo_text('payload', 'payment_type') }} as payment_type,
        {{ odoo_text('payload', 'state') }} as payment_state,
        {{ odoo_text('payload', 'memo') }} as memo,

        -- money, in the payment's currency; always positive, payment_type gives the direction
        {{ odoo_decimal('payload', 'amount') }} as payment_amount,

        -- dates
        {{ odoo_date('payload', 'date') }} as payment_date,

        -- flags
        {{ has_fraction_of_cent('payload', ['amount']) }} as has_fraction_of_cent,
        {{ odoo_flag('payload', 'is_reconciled') }} as is_reconciled,

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
            when payment_amount is null then 'amount missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
        end as quarantine_reason

    from typed

)

select * from judged
