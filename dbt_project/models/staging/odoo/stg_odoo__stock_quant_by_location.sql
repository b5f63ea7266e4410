-- One row per company, product and location in the newest report, usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__stock_quant_by_location') }}

),

usable as (

    select
        record_key as group_key,
        company_id,
        product_id,
        location_id,
        on_hand_units,
        value_amount,
        quant_count,
        record_version as newest_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
