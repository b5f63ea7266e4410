-- Every euro of stock, open items, revenue and cost is in one family, supplier and segment, or in 'unallocated'.

with shared_out as (

    select
        sum(stock_value_reporting) as stock,
        sum(receivables_reporting) as receivables,
        sum(payables_reporting) as payables,
        sum(revenue_365_days_reporting) as revenue,
        sum(cost_of_sales_365_days_reporting) as cost_of_sales
    from {{ ref('fct_cash_productivity') }}

),

held as (

    select
        (
            select sum(value_reporting) from {{ ref('fct_stock_daily') }}
            where day = {{ as_of_date() }}
        ) as stock,
        (
            select sum(open_amount_reporting) from {{ ref('fct_receivable_daily') }}
            where day = {{ as_of_date() }}
        ) as receivables,
        (
            select sum(open_amount_reporting) from {{ ref('fct_payable_daily') }}
            where day = {{ as_of_date() }}
        ) as payables,
        (
            select sum(amount_reporting) from {{ ref('int_working_capital_flows') }}
            where flow = 'revenue' and day <= {{ as_of_date() }} and day > {{ days_after(as_of_date(), -365) }}
        ) as revenue,
        (
            select sum(amount_reporting) from {{ ref('int_working_capital_flows') }}
            where flow = 'cost_of_sales' and day <= {{ as_of_date() }} and day > {{ days_after(as_of_date(), -365) }}
        ) as cost_of_sales

)

select
    shared_out.*,
    held.*
from shared_out
cross join held
where
    coalesce(shared_out.stock, 0) <> coalesce(held.stock, 0)
    or coalesce(shared_out.receivables, 0) <> coalesce(held.receivables, 0)
    or coalesce(shared_out.payables, 0) <> coalesce(held.payables, 0)
    or coalesce(shared_out.revenue, 0) <> coalesce(held.revenue, 0)
    or coalesce(shared_out.cost_of_sales, 0) <> coalesce(held.cost_of_sales, 0)
