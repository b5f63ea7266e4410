-- One row per Odoo quant (the ERP's own count of a product in a location), not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__stock_quant') }}

),

usable as (

    select
        record_key as quant_id,
        product_id,
        location_id,
        lot_id,
        company_id,
        on_hand_units,
        reserved_units,
        entered_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
