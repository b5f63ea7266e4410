-- One row per Odoo product category that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__product_category') }}

),

usable as (

    select
        record_key as category_id,
        parent_category_id,
        category_name,
        category_path,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
