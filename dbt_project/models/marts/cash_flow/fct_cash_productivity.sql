-- One row per product family, supplier and segment: the cash tied up in it, and what it earned in a year.

with amounts as (

    select * from {{ ref('int_cash_tied_up_segmented') }}

),

summed as (

    select
        product_family,
        supplier_id,
        segment,
        cast(sum(case when measure = 'stock' then amount_reporting else 0 end) as decimal(18, 2)) as stock,
        cast(sum(case when measure = 'receivables' then amount_reporting else 0 end) as decimal(18, 2)) as receivables,
        cast(sum(case when measure = 'payables' then amount_reporting else 0 end) as decimal(18, 2)) as payables,
        cast(sum(case when measure = 'revenue' then amount_reporting else 0 end) as decimal(18, 2)) as revenue,
        cast(sum(case when measure = 'cost_of_sales' then amount_reporting else 0 end) as decimal(18, 2))
            as cost_of_sales
    from amounts
    group by product_family, supplier_id, segment

),

totalled as (

    select
        *,
        cast(stock + receivables - payables as decimal(18, 2)) as cash_tied_up,
        cast(revenue - cost_of_sales as decimal(18, 2)) as margin
    from summed

)

select
    product_family,
    supplier_id,
    segment,
    stock as stock_value_reporting,
    receivables as receivables_reporting,
    payables as payables_reporting,
    cash_tied_up as cash_tied_up_reporting,
    revenue as revenue_365_days_reporting,
    cost_of_sales as cost_of_sales_365_days_reporting,
    margin as margin_365_days_reporting,
    case when cash_tied_up > 0 then {{ divide_price('margin', 'cash_tied_up') }} end as return_on_cash
from totalled
