-- One row per Odoo product template that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__product_template') }}

),

usable as (

    select
        record_key as product_template_id,
        category_id,
        unit_id,
        company_id,
        product_name,
        product_type,
        cost_method,
        list_price,
        standard_price,
        is_storable,
        is_active,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
