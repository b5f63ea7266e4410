-- One row per Odoo sale order line; sections and notes have no product that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__sale_order_line') }}

),

usable as (

    select
        record_key as sale_line_id,
        sale_order_id,
        product_id,
        unit_id,
        currency_id,
        company_id,
        line_text,
        order_state,
        ordered_units,
        delivered_units,
        billed_units,
        unit_price,
        discount_percent,
        line_amount,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
