-- One row per Odoo journal that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__account_journal') }}

),

usable as (

    select
        record_key as journal_id,
        currency_id,
        company_id,
        journal_name,
        journal_code,
        journal_type,
        bank_account_number,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
