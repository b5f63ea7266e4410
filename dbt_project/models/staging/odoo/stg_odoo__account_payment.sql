-- One row per Odoo payment that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__account_payment') }}

),

usable as (

    select
        record_key as payment_id,
        partner_id,
        currency_id,
        journal_id,
        move_id,
        company_id,
        payment_name,
        partner_type,
        payment_type,
        payment_state,
        memo,
        payment_amount,
        payment_date,
        is_reconciled,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
