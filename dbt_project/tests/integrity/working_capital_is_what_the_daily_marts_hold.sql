-- On the two newest balance dates of fct_working_capital.

{% set two_days = '(' ~ as_of_date() ~ ', ' ~ days_after(month_of(as_of_date()), -1) ~ ')' %}

with months as (

    select *
    from {{ ref('fct_working_capital') }}
    qualify row_number() over (order by month_start_date desc) <= 2

),

-- The days are said outright: a daily mart is then read for these alone.
held as (

    select
        day,
        open_amount_reporting as receivables,
        0 as payables,
        0 as stock
    from {{ ref('fct_receivable_daily') }}
    where day in {{ two_days }}

    union all

    select
        day,
        0 as receivables,
        open_amount_reporting as payables,
        0 as stock
    from {{ ref('fct_payable_daily') }}
    where day in {{ two_days }}

    union all

    select
        day,
        0 as receivables,
        0 as payables,
        value_reporting as stock
    from {{ ref('fct_stock_daily') }}
    where day in {{ two_days }}

),

summed as (

    select
        months.month_start_date,
        coalesce(sum(held.receivables), 0) as receivables,
        coalesce(sum(held.payables), 0) as payables,
        coalesce(sum(held.stock), 0) as stock
    from months
    left join held on months.balance_date = held.day
    group by months.month_start_date

)

select months.*
from months
inner join summed on months.month_start_date = summed.month_start_date
where
    months.receivables_reporting <> summed.receivables
    or months.payables_reporting <> summed.payables
    or months.stock_value_reporting <> summed.stock
