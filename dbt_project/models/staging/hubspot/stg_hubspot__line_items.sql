-- One row per usable HubSpot line item.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__line_items') }}

),

renamed as (

    select
        -- keys
        record_key as line_item_id,
        crm_product_id,
        product_code,

        -- text
        line_name,

        -- money, in the currency of the line's deal
        unit_price,
        line_amount,
        discount_pct,

        -- units, in the product's sales unit
        ordered_units,

        -- dates, UTC
        created_at,

        -- lineage
        fetched_at

    from source
    where
        not is_deleted
        and quarantine_reason is null

)

select * from renamed
