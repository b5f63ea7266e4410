-- One row per bank statement that can be trusted.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_bank__statements') }}

),

usable as (

    select
        record_key as statement_key,
        account_id,
        file_sha256,
        statement_number,
        statement_kind,
        currency_code,
        sequence_number,
        page_number,
        ordinal,
        entry_count,
        entry_sum,
        from_date,
        to_date,
        opening_date,
        created_at,
        is_opening_intermediate,
        is_closing_intermediate,
        fetched_at,
        -- A page of a statement may show only one of its balances.
        coalesce(opening_balance, cast(closing_balance - coalesce(entry_sum, 0) as decimal(18, 2)))
            as opening_balance,
        coalesce(closing_balance, cast(opening_balance + coalesce(entry_sum, 0) as decimal(18, 2)))
            as closing_balance,
        coalesce(closing_date, to_date, opening_date) as closing_date

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
