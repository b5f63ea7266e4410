-- One row per value set by hand in Odoo, of a unit or of a move: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'product_value') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('product_id') }} as product_id,
    {{ odoo_id('move_id') }} as move_id,
    {{ odoo_id('lot_id') }} as lot_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('description') }} as description,

    -- money, in the company's currency
    {{ odoo_decimal('value', 'decimal(18, 6)') }} as value_amount,

    -- stamps, UTC
    {{ odoo_stamp('date') }} as valued_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'product_id is null and move_id is null and lot_id is null':
            'value of nothing: neither product, lot nor move',
        'value_amount is null': 'value missing or not a number',
        'valued_at is null': 'date missing or not a date',
    }) }} as quarantine_reason

from records
