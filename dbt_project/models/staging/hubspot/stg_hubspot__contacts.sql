-- One row per usable HubSpot contact. Personal data: no mart reads it.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__contacts') }}

),

renamed as (

    select
        -- keys
        record_key as contact_id,

        -- text about a person
        email,
        first_name,
        last_name,
        job_title,
        phone,

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
