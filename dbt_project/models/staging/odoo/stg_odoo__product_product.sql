-- One row per Odoo product variant, the thing that is bought, kept and sold that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__product_product') }}

),

usable as (

    select
        record_key as product_id,
        product_template_id,
        product_code,
        variant_name,
        barcode,
        standard_price,
        is_active,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
