-- One row per Odoo journal item that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__account_move_line') }}

),

usable as (

    select
        record_key as move_line_id,
        move_id,
        account_id,
        partner_id,
        product_id,
        currency_id,
        company_currency_id,
        purchase_line_id,
        sale_line_id,
        company_id,
        move_name,
        move_state,
        display_type,
        quantity,
        balance_amount,
        currency_amount,
        residual_amount,
        residual_currency_amount,
        accounting_date,
        due_date,
        record_version as changed_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
