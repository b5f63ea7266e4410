-- One row per booked entry of an end-of-day statement, and per part of a batch booking.

with entries as (

    select * from {{ ref('stg_bank__entries') }}
    where coalesce(entry_status, 'BOOK') = 'BOOK'

),

statements as (

    select * from {{ ref('int_bank_statements') }}

),

parts as (

    select
        parent_key,
        min(currency_code) as lowest_currency_code,
        max(currency_code) as highest_currency_code,
        cast(sum(amount) as decimal(18, 2)) as parts_amount
    from entries
    where part_number > 0
    group by parent_key

),

-- Batches whose parts explain them to the cent: there the parts count, elsewhere the entry itself.
opened as (

    select entries.entry_key
    from entries
    inner join parts on entries.entry_key = parts.parent_key
    where
        entries.amount = parts.parts_amount
        and entries.currency_code = parts.lowest_currency_code
        and entries.currency_code = parts.highest_currency_code

),

dated as (

    select
        entries.entry_key as entry_id,
        entries.statement_key as statement_id,
        entries.account_id,
        entries.file_sha256,
        entries.ordinal as statement_position,
        entries.part_number,
        entries.bank_code,
        entries.counterparty_name,
        entries.counterparty_account,
        entries.remittance_text,
        entries.end_to_end_id,
        entries.structured_reference,
        entries.bank_reference,
        entries.amount,
        entries.currency_code,
        entries.original_amount,
        entries.original_currency_code,
        entries.value_date,
        entries.is_reversal,
        entries.fetched_at,
        nullif(entries.parent_key, entries.entry_key) as parent_entry_id,
        coalesce(entries.booking_date, entries.value_date, statements.closing_date) as booking_date,
        -- First day whose closing balance holds the entry: a statement may book into days already closed.
        least(
            statements.closing_date,
            greatest(
                coalesce(entries.booking_date, entries.value_date, statements.closing_date),
                statements.covered_from_date
            )
        ) as balance_date,
        case
            when entries.part_number = 0 then opened.entry_key is null
            else opened.entry_key is not null
        end as is_leaf

    from entries
    inner join statements on entries.statement_key = statements.statement_id
    left join opened
        on
            opened.entry_key
            = case when entries.part_number = 0 then entries.entry_key else entries.parent_key end
    where
        statements.repeated_from_date is null
        or coalesce(entries.booking_date, entries.value_date, statements.repeated_from_date)
        < statements.repeated_from_date

)

select * from dated
