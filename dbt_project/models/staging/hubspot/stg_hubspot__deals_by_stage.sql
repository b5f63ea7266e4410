-- One row per deal stage in the newest report, usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_hubspot__deals_by_stage') }}

),

usable as (

    select
        record_key as stage_id,
        deal_count,
        record_version as newest_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
