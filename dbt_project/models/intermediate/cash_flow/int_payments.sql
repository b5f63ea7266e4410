-- One row per bank entry that counts, with what matching needs to know of it.

with entries as (

    select
        *,
        coalesce(is_reversal, false) or category = 'returned_payment' as is_return
    from {{ ref('int_bank_entries_categorised') }}
    where is_leaf

),

categories as (

    select * from {{ ref('bank_categories') }}

),

owners as (

    -- Two companies may count their invoices alike: whose account it is tells which of them is meant.
    select
        upper({{ replace_all('bank_account_number', ' ') }}) as account_id,
        min(company_id) as company_id
    from {{ ref('stg_odoo__account_journal') }}
    where bank_account_number is not null
    group by upper({{ replace_all('bank_account_number', ' ') }})
    having count(distinct company_id) = 1

),

-- An entry that takes an earlier one back has its amount the other way round, and the same reference or counterparty.
return_candidates as (

    select
        comebacks.entry_id,
        returned.entry_id as returned_entry_id
    from entries as comebacks
    inner join entries as returned
        on
            comebacks.account_id = returned.account_id
            and comebacks.currency_code = returned.currency_code
            and comebacks.amount = -returned.amount
            and comebacks.booking_date >= returned.booking_date
            and (
                comebacks.end_to_end_id = returned.end_to_end_id
                or comebacks.counterparty_account = returned.counterparty_account
            )
    cross join {{ ref('payment_match_limits') }} as limits
    where
        comebacks.is_return
        and not returned.is_return
        and {{ days_between('returned.booking_date', 'comebacks.booking_date') }} <= limits.return_days
    qualify
        row_number() over (
            partition by comebacks.entry_id
            order by
                coalesce(comebacks.end_to_end_id = returned.end_to_end_id, false) desc,
                returned.booking_date desc,
                returned.entry_id asc
        ) = 1

),

paired as (

    select * from return_candidates
    qualify row_number() over (partition by returned_entry_id order by entry_id) = 1

)

select
    entries.entry_id,
    entries.account_id,
    owners.company_id,
    entries.booking_date,
    entries.statement_position,
    entries.amount,
    entries.currency_code,
    case when entries.amount > 0 then 1 else -1 end as direction,
    -- What was instructed, where the bank then changed the currency.
    abs(case
        when entries.original_currency_code <> entries.currency_code then entries.original_amount
        else entries.amount
    end) as paid_amount,
    case
        when entries.original_amount is not null then coalesce(entries.original_currency_code, entries.currency_code)
        else entries.currency_code
    end as paid_currency_code,
    entries.counterparty_account,
    {{ name_key('entries.counterparty_name') }} as name_key,
    {{ letters_and_digits('entries.structured_reference') }} as structured_key,
    -- Words of letters, digits and what stands inside numbers, one space between them.
    trim({{ replace_all(
        "coalesce(entries.remittance_text, '') || ' ' || coalesce(entries.structured_reference, '') || ' ' || "
        ~ "coalesce(entries.end_to_end_id, '')", '[^\\p{L}\\p{N}/._-]+', ' '
    ) }}) as words,
    -- What forecasts read off documents is what documents explain.
    coalesce(categories.forecast_by, 'documents') = 'documents' as is_trade,
    entries.is_return,
    paired.returned_entry_id,
    undone.entry_id is not null as is_returned

from entries
left join categories on entries.category = categories.category
left join owners on entries.account_id = owners.account_id
left join paired on entries.entry_id = paired.entry_id
left join paired as undone on entries.entry_id = undone.returned_entry_id
