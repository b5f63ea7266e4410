-- One row per usable bank entry (part 0) and per part of a batch booking (part 1..n).

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_bank__entries') }}

),

usable as (

    select
        record_key as entry_key,
        parent_key,
        statement_key,
        account_id,
        file_sha256,
        entry_status,
        bank_code,
        counterparty_name,
        counterparty_account,
        remittance_text,
        end_to_end_id,
        mandate_id,
        structured_reference,
        bank_reference,
        ordinal,
        part_number,
        amount,
        currency_code,
        original_amount,
        original_currency_code,
        charges_amount,
        booking_date,
        value_date,
        is_reversal,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
