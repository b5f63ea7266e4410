-- One row per Odoo purchase order that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__purchase_order') }}

),

usable as (

    select
        record_key as purchase_order_id,
        partner_id,
        currency_id,
        company_id,
        order_name,
        supplier_order_ref,
        order_state,
        untaxed_amount,
        total_amount,
        ordered_at,
        approved_at,
        promised_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
