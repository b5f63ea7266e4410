-- One row per Odoo sale order: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'sale_order') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'partner_id') }} as partner_id,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'warehouse_id') }} as warehouse_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as order_name,
        {{ odoo_text('payload', 'client_order_ref') }} as customer_order_ref,
        {{ odoo_text('payload', 'origin') }} as origin,
        {{ odoo_text('payload', 'state') }} as order_state,

        -- money, in the currency of currency_id
        {{ odoo_decimal('payload', 'amount_untaxed') }} as untaxed_amount,
        {{ odoo_decimal('payload', 'amount_total') }} as total_amount,
        {{ has_fraction_of_cent('payload', ['amount_untaxed', 'amount_total']) }} as has_fraction_of_cent,

        -- stamps, UTC
        {{ odoo_stamp('payload', 'date_order') }} as ordered_at,
        {{ odoo_stamp('payload', 'commitment_date') }} as promised_at,

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
            when partner_id is null then 'order without a customer'
            when currency_id is null then 'order without a currency'
            when ordered_at is null then 'date missing or not a date'
            when total_amount is null then 'amount missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
        end as quarantine_reason

    from typed

)

select * from judged
