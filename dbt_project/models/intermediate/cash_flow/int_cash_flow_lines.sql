-- One row per bank account, currency, month and line of its cash flow statement: opening, flows by category, closing.

with flows as (

    select * from {{ ref('int_cash_flows') }}

),

balances as (

    select * from {{ ref('fct_cash_daily') }}

),

month_ends as (

    select
        account_id,
        currency_code,
        {{ month_of('day') }} as month_start_date,
        max_by(closing, day) as closing,
        max_by(closing_reporting, day) as closing_reporting
    from balances
    group by account_id, currency_code, {{ month_of('day') }}

),

months as (

    select
        *,
        lag(closing, 1, 0) over account_history as opening,
        lag(closing_reporting, 1, 0) over account_history as opening_reporting
    from month_ends
    window account_history as (partition by account_id, currency_code order by month_start_date)

),

flow_totals as (

    select
        account_id,
        currency_code,
        month_start_date,
        sum(amount_reporting) as amount_reporting
    from flows
    group by account_id, currency_code, month_start_date

),

lines as (

    select * from flows

    union all

    select
        account_id,
        currency_code,
        month_start_date,
        'opening_balance' as category,
        opening as amount,
        opening_reporting as amount_reporting,
        0 as entry_count
    from months

    union all

    select
        account_id,
        currency_code,
        month_start_date,
        'closing_balance' as category,
        closing as amount,
        closing_reporting as amount_reporting,
        0 as entry_count
    from months

    union all

    -- Worth that a balance won or lost because its currency did, cents of rounding included.
    select
        months.account_id,
        months.currency_code,
        months.month_start_date,
        'exchange_effect' as category,
        0 as amount,
        months.closing_reporting - months.opening_reporting - coalesce(flow_totals.amount_reporting, 0)
            as amount_reporting,
        0 as entry_count
    from months
    left join flow_totals
        on
            months.account_id = flow_totals.account_id
            and months.currency_code = flow_totals.currency_code
            and months.month_start_date = flow_totals.month_start_date

)

select
    account_id,
    currency_code,
    month_start_date,
    category,
    cast(amount as decimal(18, 2)) as amount,
    cast(amount_reporting as decimal(18, 2)) as amount_reporting,
    cast(entry_count as bigint) as entry_count
from lines
