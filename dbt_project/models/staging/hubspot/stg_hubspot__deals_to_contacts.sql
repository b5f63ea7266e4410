-- One row per HubSpot deal and linked contact.

{{ config(materialized='view') }}

with links as (

    {{ hubspot_links(ref('base_hubspot__deals_to_contacts')) }}

),

renamed as (

    select
        -- keys
        deal_id,
        linked_id as contact_id,

        -- lineage
        fetched_at

    from links

)

select * from renamed
