-- One row per usable HubSpot company.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__companies') }}

),

renamed as (

    select
        -- keys
        record_key as company_id,
        erp_customer_ref,

        -- text
        company_name,
        web_domain,
        industry,
        country_name,
        segment,

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
