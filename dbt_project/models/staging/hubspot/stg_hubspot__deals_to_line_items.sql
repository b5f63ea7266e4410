-- One row per HubSpot deal and linked line item.

{{ config(materialized='view') }}

with links as (

    {{ hubspot_links(ref('base_hubspot__deals_to_line_items')) }}

),

renamed as (

    select
        -- keys
        deal_id,
        linked_id as line_item_id,

        -- lineage
        fetched_at

    from links

)

select * from renamed
