-- One row per usable HubSpot deal stage.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__deal_stages') }}

),

renamed as (

    select
        -- keys
        stage_id,
        record_key as pipeline_id,

        -- text
        stage_name,
        pipeline_name,

        -- order and odds
        display_order,
        win_probability_ratio,

        -- flags
        is_closed,
        is_active,

        -- lineage
        fetched_at

    from source
    where quarantine_reason is null

)

select * from renamed
