-- One row per Odoo matching of a debit with a credit journal item that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__account_partial_reconcile') }}

),

usable as (

    select
        record_key as partial_reconcile_id,
        debit_move_line_id,
        credit_move_line_id,
        exchange_move_id,
        company_id,
        company_amount,
        debit_currency_amount,
        credit_currency_amount,
        matched_date,
        record_version as changed_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
