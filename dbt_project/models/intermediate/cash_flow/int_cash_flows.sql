-- One row per bank account, currency, month and category of its flows, what came from missing statements named beside.

with entries as (

    select * from {{ ref('fct_bank_entry') }}
    where
        is_leaf
        and balance_date <= {{ as_of_date() }}

),

balances as (

    select * from {{ ref('fct_cash_daily') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

flows as (

    -- By the day whose closing balance holds the entry: the bank may book into a day it has closed.
    select
        account_id,
        currency_code,
        balance_date as day,
        category,
        amount,
        1 as entry_count
    from entries

    union all

    select
        account_id,
        currency_code,
        day,
        'missing_statement' as category,
        gap_amount as amount,
        0 as entry_count
    from balances
    where gap_amount <> 0

    union all

    -- What lay on an account before its first statement came from nowhere we know.
    select
        account_id,
        currency_code,
        day,
        'first_balance' as category,
        opening as amount,
        0 as entry_count
    from balances
    qualify row_number() over (partition by account_id, currency_code order by day) = 1

),

flows_per_day as (

    select
        account_id,
        currency_code,
        day,
        category,
        sum(amount) as amount,
        sum(entry_count) as entry_count
    from flows
    group by account_id, currency_code, day, category

)

select
    flows_per_day.account_id,
    flows_per_day.currency_code,
    {{ month_of('flows_per_day.day') }} as month_start_date,
    flows_per_day.category,
    cast(sum(flows_per_day.amount) as decimal(18, 2)) as amount,
    cast(
        sum({{ divide_money('flows_per_day.amount', 'rates.units_per_reporting') }}) as decimal(18, 2)
    ) as amount_reporting,
    cast(sum(flows_per_day.entry_count) as bigint) as entry_count
from flows_per_day
left join rates
    on
        flows_per_day.currency_code = rates.currency_code
        and flows_per_day.day >= rates.valid_from_date
        and flows_per_day.day < rates.valid_to_date
group by
    flows_per_day.account_id,
    flows_per_day.currency_code,
    {{ month_of('flows_per_day.day') }},
    flows_per_day.category
