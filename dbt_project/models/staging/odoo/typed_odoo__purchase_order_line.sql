-- One row per Odoo purchase order line, sections and notes included: newest version known, judged on its own.

with records as (

    {{ newest_records('odoo', 'purchase_order_line') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('order_id') }} as purchase_order_id,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('product_uom_id') }} as unit_id,
    {{ odoo_id('partner_id') }} as partner_id,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as line_text,
    {{ odoo_text('state') }} as order_state,

    -- units, in unit_id
    {{ odoo_decimal('product_qty', 'decimal(18, 4)') }} as ordered_units,
    {{ odoo_decimal('qty_received', 'decimal(18, 4)') }} as received_units,
    {{ odoo_decimal('qty_invoiced', 'decimal(18, 4)') }} as billed_units,

    -- money, in the currency of currency_id; unit_price before discount
    {{ odoo_decimal('price_unit', 'decimal(18, 6)') }} as unit_price,
    {{ odoo_decimal('discount', 'decimal(18, 6)') }} as discount_percent,
    {{ odoo_decimal('price_subtotal') }} as line_amount,

    -- stamps, UTC
    {{ odoo_stamp('date_planned') }} as promised_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'purchase_order_id is null': 'line without an order',
        'product_id is not null and unit_id is null': 'line without a unit of measure',
        'ordered_units is null': 'quantity missing or not a number',
        'unit_price is null': 'price missing or not a number',
        'line_amount is null': 'amount missing or not a number',
        is_finer_than_cent(['price_subtotal']): 'amount finer than a cent',
    }) }} as own_reason

from records
