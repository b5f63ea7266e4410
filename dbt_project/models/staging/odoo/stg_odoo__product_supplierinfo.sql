-- One row per Odoo supplier price of a product that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__product_supplierinfo') }}

),

usable as (

    select
        record_key as supplier_price_id,
        partner_id,
        product_template_id,
        product_id,
        unit_id,
        currency_id,
        company_id,
        minimum_order_units,
        delay_days,
        unit_price,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
