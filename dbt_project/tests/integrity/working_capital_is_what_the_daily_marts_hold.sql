-- On the two newest balance dates of fct_working_capital.

with months as (

    select *
    from {{ ref('fct_working_capital') }}
    qualify row_number() over (order by month_start_date desc) <= 2

),

-- Joined to its days inside: a daily mart is read for these days alone.
held as (

    select
        months.month_start_date,
        daily.open_amount_reporting as receivables,
        0 as payables,
        0 as stock
    from months
    inner join {{ ref('fct_receivable_daily') }} as daily on months.balance_date = daily.day

    union all

    select
        months.month_start_date,
        0 as receivables,
        daily.open_amount_reporting as payables,
        0 as stock
    from months
    inner join {{ ref('fct_payable_daily') }} as daily on months.balance_date = daily.day

    union all

    select
        months.month_start_date,
        0 as receivables,
        0 as payables,
        daily.value_reporting as stock
    from months
    inner join {{ ref('fct_stock_daily') }} as daily on months.balance_date = daily.day

),

summed as (

    select
        months.month_start_date,
        coalesce(sum(held.receivables), 0) as receivables,
        coalesce(sum(held.payables), 0) as payables,
        coalesce(sum(held.stock), 0) as stock
    from months
    left join held on months.month_start_date = held.month_start_date
    group by months.month_start_date

)

select months.*
from months
inner join summed on months.month_start_date = summed.month_start_date
where
    months.receivables_reporting <> summed.receivables
    or months.payables_reporting <> summed.payables
    or months.stock_value_reporting <> summed.stock
