-- One row per booked bank entry, and per part of a batch booking. Sum where is_leaf.

with entries as (

    select * from {{ ref('int_bank_entries_categorised') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

published as (

    select
        entries.entry_id,
        entries.parent_entry_id,
        entries.statement_id,
        entries.account_id,
        entries.part_number,
        entries.booking_date,
        entries.value_date,
        entries.balance_date,
        entries.amount,
        entries.currency_code,
        {{ divide_money('entries.amount', 'rates.units_per_reporting') }} as amount_reporting,
        entries.original_amount,
        entries.original_currency_code,
        entries.category,
        entries.bank_code,
        -- Free text and names stay behind; entry_id leads back to them. References of wages name people too.
        case
            when coalesce(entries.category, '') <> 'payroll'
                then coalesce(entries.structured_reference, entries.end_to_end_id)
        end as reference,
        entries.partner_id,
        entries.is_leaf,
        entries.is_reversal,
        entries.file_sha256

    from entries
    left join rates
        on
            entries.currency_code = rates.currency_code
            and entries.booking_date >= rates.valid_from_date
            and entries.booking_date < rates.valid_to_date

)

select * from published
