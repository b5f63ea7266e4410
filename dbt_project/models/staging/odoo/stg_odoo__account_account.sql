-- One row per Odoo ledger account that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__account_account') }}

),

usable as (

    select
        record_key as account_id,
        account_code,
        account_name,
        account_type,
        is_reconcilable,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
