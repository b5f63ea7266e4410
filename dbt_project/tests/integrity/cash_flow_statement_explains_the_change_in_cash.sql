-- Per month: the opening balance is the closing one before, and with the other lines it makes the closing balance,
-- which is what fct_cash_daily holds on the last day of the month.

with statement as (

    select
        month_start_date,
        sum(case when category = 'opening_balance' then amount_reporting else 0 end) as opening,
        sum(case when activity <> 'balance' then amount_reporting else 0 end) as flow,
        sum(case when category = 'closing_balance' then amount_reporting else 0 end) as closing
    from {{ ref('fct_cash_flow_statement') }}
    group by month_start_date

),

chained as (

    select
        *,
        lag(closing, 1, 0) over (order by month_start_date) as closing_before
    from statement

),

last_days as (

    select *
    from {{ ref('fct_cash_daily') }}
    qualify
        row_number() over (
            partition by account_id, currency_code, date_trunc('month', day) order by day desc
        ) = 1

),

balances as (

    select
        cast(date_trunc('month', day) as date) as month_start_date,
        coalesce(sum(closing_reporting), 0) as closing
    from last_days
    group by cast(date_trunc('month', day) as date)

)

select
    coalesce(chained.month_start_date, balances.month_start_date) as month_start_date,
    chained.opening,
    chained.flow,
    chained.closing,
    balances.closing as balance
from chained
full outer join balances on chained.month_start_date = balances.month_start_date
where
    chained.closing is null
    or balances.closing is null
    or chained.opening + chained.flow <> chained.closing
    or chained.opening <> chained.closing_before
    or chained.closing <> balances.closing
