-- One row per day and flow that feeds a balance of working capital, in the reporting currency at the rate of the day.

with documents as (

    select * from {{ ref('int_open_items') }}
    where document_type in ('out_invoice', 'out_refund', 'out_receipt', 'in_invoice', 'in_refund', 'in_receipt')

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

revenue as (

    select
        day,
        'revenue' as flow,
        amount_reporting
    from {{ ref('int_revenue_daily') }}
    where account_type = 'income'

),

-- What the receivables and payables of documents were on their day: taxes included, as in the balances they feed.
charged as (

    select
        documents.opened_date as day,
        case documents.ledger_side when 'receivable' then 'invoiced' else 'billed' end as flow,
        {{ divide_money('documents.original_amount_company', 'rates.units_per_reporting') }} as amount_reporting
    from documents
    left join rates
        on
            documents.company_currency_code = rates.currency_code
            and documents.opened_date >= rates.valid_from_date
            and documents.opened_date < rates.valid_to_date

),

cost_of_sales as (

    -- Goods that left to customers, less those that came back, at what they were worth in stock.
    select
        move_date as day,
        'cost_of_sales' as flow,
        -value_reporting as amount_reporting
    from {{ ref('fct_stock_move') }}
    where movement in ('delivery', 'return_from_customer')

),

united as (

    select * from revenue
    union all
    select * from charged
    union all
    select * from cost_of_sales

)

select
    day,
    flow,
    cast(sum(amount_reporting) as decimal(18, 2)) as amount_reporting
from united
group by day, flow
