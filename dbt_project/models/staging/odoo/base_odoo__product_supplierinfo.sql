-- One row per Odoo supplier price of a product: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'product_supplierinfo') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('partner_id') }} as partner_id,
    {{ odoo_id('product_tmpl_id') }} as product_template_id,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('product_uom_id') }} as unit_id,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('company_id') }} as company_id,

    -- units and days
    {{ odoo_decimal('min_qty', 'decimal(18, 4)') }} as minimum_order_units,
    {{ odoo_integer('delay') }} as delay_days,

    -- money, in the currency of currency_id per unit_id
    {{ odoo_decimal('price', 'decimal(18, 6)') }} as unit_price,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'partner_id is null': 'price without a supplier',
        'delay_days < 0': 'negative lead time',
    }) }} as quarantine_reason

from records
