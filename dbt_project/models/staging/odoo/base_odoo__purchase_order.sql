-- One row per Odoo purchase order: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'purchase_order') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('partner_id') }} as partner_id,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as order_name,
    {{ odoo_text('partner_ref') }} as supplier_order_ref,
    {{ odoo_text('state') }} as order_state,

    -- money, in the currency of currency_id
    {{ odoo_decimal('amount_untaxed') }} as untaxed_amount,
    {{ odoo_decimal('amount_total') }} as total_amount,

    -- stamps, UTC
    {{ odoo_stamp('date_order') }} as ordered_at,
    {{ odoo_stamp('date_approve') }} as approved_at,
    {{ odoo_stamp('date_planned') }} as promised_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'partner_id is null': 'order without a supplier',
        'currency_id is null': 'order without a currency',
        'ordered_at is null': 'date missing or not a date',
        'total_amount is null': 'amount missing or not a number',
        is_finer_than_cent(['amount_untaxed', 'amount_total']): 'amount finer than a cent',
    }) }} as quarantine_reason

from records
