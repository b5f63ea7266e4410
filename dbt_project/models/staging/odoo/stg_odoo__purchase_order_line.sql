-- One row per Odoo purchase order line; sections and notes have no product that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__purchase_order_line') }}

),

usable as (

    select
        record_key as purchase_line_id,
        purchase_order_id,
        product_id,
        unit_id,
        partner_id,
        currency_id,
        company_id,
        line_text,
        order_state,
        ordered_units,
        received_units,
        billed_units,
        unit_price,
        discount_percent,
        line_amount,
        promised_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
