-- One row per deal, property and usable change of its value; recency 1 is the newest of them.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__deal_changes') }}

),

renamed as (

    select
        -- keys
        record_key as deal_id,
        property,
        recency,

        -- values: the text as it was, and typed where the property is money or a date
        value_text,
        amount,
        expected_close_date,

        -- dates, UTC
        changed_at,

        -- lineage
        fetched_at

    from source
    where quarantine_reason is null

)

select * from renamed
