-- One row per month: receivables, payables and stock at its end, the last month at the business date of the build.

with receivables as (

    select * from {{ ref('fct_receivable_span') }}

),

payables as (

    select * from {{ ref('fct_payable_span') }}

),

stock as (

    select * from {{ ref('fct_stock_span') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

starts as (

    select min(valid_from_date) as first_date from receivables
    union all
    select min(valid_from_date) as first_date from payables
    union all
    select min(valid_from_date) as first_date from stock

),

books as (

    select min(first_date) as first_date from starts

),

balance_dates as (

    select
        dates.month_start_date,
        max(dates.day) as balance_date
    from {{ ref('dim_date') }} as dates
    cross join books
    where
        dates.day >= books.first_date
        and dates.day <= {{ as_of_date() }}
    group by dates.month_start_date

),

amounts as (

    select
        'receivables' as balance,
        valid_from_date,
        valid_to_date,
        company_currency_code as currency_code,
        open_amount_company as amount
    from receivables
    union all
    select
        'payables' as balance,
        valid_from_date,
        valid_to_date,
        company_currency_code as currency_code,
        open_amount_company as amount
    from payables
    union all
    select
        'stock' as balance,
        valid_from_date,
        valid_to_date,
        currency_code,
        value_amount as amount
    from stock
    where value_amount <> 0

),

-- Row by row, as the daily marts translate, so that these sums are theirs to the cent.
translated as (

    select
        balance_dates.month_start_date,
        balance_dates.balance_date,
        amounts.balance,
        {{ divide_money('amounts.amount', 'rates.units_per_reporting') }} as amount_reporting
    from balance_dates
    left join amounts
        on
            balance_dates.balance_date >= amounts.valid_from_date
            and balance_dates.balance_date < amounts.valid_to_date
    left join rates
        on
            amounts.currency_code = rates.currency_code
            and balance_dates.balance_date >= rates.valid_from_date
            and balance_dates.balance_date < rates.valid_to_date

)

select
    month_start_date,
    balance_date,
    cast(coalesce(sum(case when balance = 'receivables' then amount_reporting end), 0) as decimal(18, 2))
        as receivables_reporting,
    cast(coalesce(sum(case when balance = 'payables' then amount_reporting end), 0) as decimal(18, 2))
        as payables_reporting,
    cast(coalesce(sum(case when balance = 'stock' then amount_reporting end), 0) as decimal(18, 2))
        as stock_value_reporting
from translated
group by month_start_date, balance_date
