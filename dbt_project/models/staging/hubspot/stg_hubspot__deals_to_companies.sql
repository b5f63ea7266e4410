-- One row per HubSpot deal and linked company.

{{ config(materialized='view') }}

with links as (

    {{ hubspot_links(ref('base_hubspot__deals_to_companies')) }}

),

renamed as (

    select
        -- keys
        deal_id,
        linked_id as company_id,

        -- flags: type 5 is HubSpot's own "primary company" of a deal
        {{ json_has_association_type('link', 5) }} as is_primary,

        -- lineage
        fetched_at

    from links

)

select * from renamed
