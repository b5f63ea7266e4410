-- One row per company, product and location: as it last was in the report, usable or not.

with records as (

    {{ newest_records('odoo', 'stock_quant_by_location') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('company_id') }} as company_id,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('location_id') }} as location_id,

    -- figures
    {{ odoo_decimal('quantity:sum', 'decimal(18, 4)') }} as on_hand_units,
    {{ odoo_decimal('value:sum') }} as value_amount,
    {{ odoo_integer('__count') }} as quant_count,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'product_id is null or location_id is null': 'group without product or location',
        'on_hand_units is null': 'units missing or not a number',
        'value_amount is null': 'value missing or not a number',
    }) }} as quarantine_reason

from records
