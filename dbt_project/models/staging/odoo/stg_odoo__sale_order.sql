-- One row per Odoo sale order that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__sale_order') }}

),

usable as (

    select
        record_key as sale_order_id,
        partner_id,
        currency_id,
        warehouse_id,
        company_id,
        order_name,
        customer_order_ref,
        origin,
        order_state,
        untaxed_amount,
        total_amount,
        ordered_at,
        promised_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
