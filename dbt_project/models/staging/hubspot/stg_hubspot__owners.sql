-- One row per HubSpot owner ever seen: deals of people who have left keep their owner.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__owners') }}

),

renamed as (

    select
        -- keys
        record_key as owner_id,
        user_id,

        -- text about a person
        first_name,
        last_name,
        email,

        -- dates, UTC
        created_at,

        -- flags
        is_active,

        -- lineage
        fetched_at

    from source
    where quarantine_reason is null

)

select * from renamed
