-- One row per HubSpot line item ever landed, newest version; deleted and unusable ones included.

with records as (

    {{ newest_records('hubspot', 'line_items', inside='properties') }}

)

select
    -- keys
    record_key,
    {{ hubspot_text('hs_product_id') }} as crm_product_id,
    {{ hubspot_text('hs_sku') }} as product_code,

    -- text
    {{ hubspot_text('name') }} as line_name,

    -- units, in the product's sales unit
    {{ hubspot_text('quantity') }} as quantity_text,
    try_cast(quantity_text as decimal(18, 4)) as ordered_units,

    -- money, in the currency of the line's deal
    {{ hubspot_text('price') }} as price_text,
    try_cast(price_text as decimal(18, 6)) as unit_price,
    {{ hubspot_text('amount') }} as amount_text,
    try_cast(amount_text as decimal(18, 2)) as line_amount,
    {{ hubspot_text('hs_discount_percentage') }} as discount_text,
    try_cast(discount_text as decimal(9, 4)) as discount_pct,

    -- stamps, UTC
    {{ utc_stamp(hubspot_text('createdate')) }} as created_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'quantity_text is not null and ordered_units is null': ['quantity is not a number', 'quantity_text'],
        'price_text is not null and unit_price is null': ['price is not a number', 'price_text'],
        'amount_text is not null and line_amount is null': ['amount is not a number', 'amount_text'],
        'discount_text is not null and discount_pct is null': ['discount is not a number', 'discount_text'],
    }) }} as quarantine_reason

from records
