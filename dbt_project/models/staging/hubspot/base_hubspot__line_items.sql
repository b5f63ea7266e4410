-- One row per HubSpot line item ever landed, newest version; deleted and unusable ones included.

with {{ hubspot_records('line_items') }},

read as (

    select
        record_key,
        record_version,
        is_deleted,
        fetched_at,
        payload_reason,
        {{ hubspot_text('hs_product_id') }} as crm_product_id,
        {{ hubspot_text('hs_sku') }} as product_code,
        {{ hubspot_text('name') }} as line_name,
        {{ hubspot_text('quantity') }} as quantity_text,
        {{ hubspot_text('price') }} as price_text,
        {{ hubspot_text('amount') }} as amount_text,
        {{ hubspot_text('hs_discount_percentage') }} as discount_text,
        {{ utc_stamp(hubspot_text('createdate')) }} as created_at

    from records

),

typed as (

    select
        *,
        try_cast(quantity_text as decimal(18, 4)) as ordered_units,
        try_cast(price_text as decimal(18, 6)) as unit_price,
        try_cast(amount_text as decimal(18, 2)) as line_amount,
        try_cast(discount_text as decimal(9, 4)) as discount_pct

    from read

),

judged as (

    select
        *,
        case
            when is_deleted then null
            when payload_reason is not null then payload_reason
            when quantity_text is not null and ordered_units is null
                then 'quantity is not a number: ' || quantity_text
            when price_text is not null and unit_price is null
                then 'price is not a number: ' || price_text
            when amount_text is not null and line_amount is null
                then 'amount is not a number: ' || amount_text
            when discount_text is not null and discount_pct is null
                then 'discount is not a number: ' || discount_text
        end as quarantine_reason

    from typed

)

select * from judged
