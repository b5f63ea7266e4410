-- On the newest balance date of fct_working_capital, and the one before it.

with months as (

    select *
    from {{ ref('fct_working_capital') }}
    qualify row_number() over (order by month_start_date desc) <= 2

),

held as (

    select
        months.month_start_date,
        (
            select coalesce(sum(open_amount_reporting), 0) from {{ ref('fct_receivable_daily') }}
            where day = months.balance_date
        ) as receivables,
        (
            select coalesce(sum(open_amount_reporting), 0) from {{ ref('fct_payable_daily') }}
            where day = months.balance_date
        ) as payables,
        (
            select coalesce(sum(value_reporting), 0) from {{ ref('fct_stock_daily') }}
            where day = months.balance_date
        ) as stock
    from months

)

select months.*
from months
inner join held on months.month_start_date = held.month_start_date
where
    months.receivables_reporting <> held.receivables
    or months.payables_reporting <> held.payables
    or months.stock_value_reporting <> held.stock
