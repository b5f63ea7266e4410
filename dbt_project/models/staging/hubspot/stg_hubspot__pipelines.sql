-- One row per usable HubSpot deal pipeline.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__pipelines') }}

),

renamed as (

    select
        -- keys
        record_key as pipeline_id,

        -- text
        pipeline_name,

        -- order
        display_order,

        -- lineage
        fetched_at

    from source
    where
        not is_deleted
        and quarantine_reason is null

)

select * from renamed
