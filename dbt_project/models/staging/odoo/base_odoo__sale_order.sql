-- One row per Odoo sale order: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'sale_order') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('partner_id') }} as partner_id,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('warehouse_id') }} as warehouse_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as order_name,
    {{ odoo_text('client_order_ref') }} as customer_order_ref,
    {{ odoo_text('origin') }} as origin,
    {{ odoo_text('state') }} as order_state,

    -- money, in the currency of currency_id
    {{ odoo_decimal('amount_untaxed') }} as untaxed_amount,
    {{ odoo_decimal('amount_total') }} as total_amount,

    -- stamps, UTC
    {{ odoo_stamp('date_order') }} as ordered_at,
    {{ odoo_stamp('commitment_date') }} as promised_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'partner_id is null': 'order without a customer',
        'currency_id is null': 'order without a currency',
        'ordered_at is null': 'date missing or not a date',
        'total_amount is null': 'amount missing or not a number',
        is_finer_than_cent(['amount_untaxed', 'amount_total']): 'amount finer than a cent',
    }) }} as quarantine_reason

from records
