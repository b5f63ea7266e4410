-- One row per Odoo stock location that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__stock_location') }}

),

usable as (

    select
        record_key as location_id,
        parent_location_id,
        warehouse_id,
        company_id,
        location_name,
        location_kind,
        is_active,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
