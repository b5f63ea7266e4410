-- One row per HubSpot deal and linked company.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__deals_to_companies') }}

),

linked as (

    select
        record_key,
        fetched_at,
        {{ json_rows('payload', 'to') }} as link

    from source
    where
        not is_deleted
        and quarantine_reason is null

),

renamed as (

    select
        -- keys
        record_key as deal_id,
        {{ trimmed_text(json_text('link', 'toObjectId')) }} as company_id,

        -- flags: type 5 is HubSpot's own "primary company" of a deal
        {{ json_has_association_type('link', 5) }} as is_primary,

        -- lineage
        fetched_at

    from linked

)

select * from renamed
