-- One row per Odoo warehouse that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__stock_warehouse') }}

),

usable as (

    select
        record_key as warehouse_id,
        stock_location_id,
        view_location_id,
        company_id,
        warehouse_name,
        warehouse_code,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
