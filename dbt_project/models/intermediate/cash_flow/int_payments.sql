-- One row per bank entry that counts, with what matching needs to know of it.

with entries as (

    select * from {{ ref('int_bank_entries_categorised') }}
    where is_leaf

),

categories as (

    select * from {{ ref('bank_categories') }}

),

limits as (

    select * from {{ ref('payment_match_limits') }}

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
        returns.entry_id,
        returned.entry_id as returned_entry_id
    from entries as returns
    cross join limits
    inner join entries as returned
        on
            returns.account_id = returned.account_id
            and returns.currency_code = returned.currency_code
            and returns.amount = -returned.amount
            and returned.booking_date <= returns.booking_date
            and {{ days_between('returned.booking_date', 'returns.booking_date') }} <= limits.return_days
            and (
                returns.end_to_end_id = returned.end_to_end_id
                or returns.counterparty_account = returned.counterparty_account
            )
    where
        (returns.is_reversal or returns.category = 'returned_payment')
        and not (returned.is_reversal or returned.category = 'returned_payment')
    qualify
        row_number() over (
            partition by returns.entry_id
            order by
                coalesce(returns.end_to_end_id = returned.end_to_end_id, false) desc,
                returned.booking_date desc,
                returned.entry_id
        ) = 1

),

returns as (

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
    entries.is_reversal or entries.category = 'returned_payment' as is_return,
    returns.returned_entry_id,
    undone.entry_id is not null as is_returned

from entries
left join categories on entries.category = categories.category
left join owners on entries.account_id = owners.account_id
left join returns on entries.entry_id = returns.entry_id
left join returns as undone on entries.entry_id = undone.returned_entry_id
