-- One row per usable HubSpot deal.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__deals') }}

),

renamed as (

    select
        -- keys
        record_key as deal_id,
        pipeline_id,
        stage_id,
        owner_id,

        -- text
        deal_name,
        deal_type,
        lost_reason,

        -- money, in the deal's own currency
        deal_amount,
        currency_code,

        -- dates: stamps in UTC, business dates in the company's time zone
        created_at,
        expected_close_date,

        -- lineage
        record_version as changed_at,
        fetched_at

    from source
    where
        not is_deleted
        and quarantine_reason is null

)

select * from renamed
