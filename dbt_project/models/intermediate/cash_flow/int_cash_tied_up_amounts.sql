-- One row per measure, product, supplier and segment (null: not known from the document) with its amount.

with products as (

    select * from {{ ref('dim_product') }}

),

suppliers as (

    select * from {{ ref('int_suppliers') }}

),

customers as (

    select * from {{ ref('int_partner_customers') }}

),

open_items as (

    select * from {{ ref('int_open_items_allocated') }}

),

receivables as (

    select
        'receivables' as measure,
        open_items.product_id,
        products.main_supplier_id as supplier_id,
        coalesce(customers.segment, 'unallocated') as segment,
        open_items.amount_reporting
    from open_items
    left join products on open_items.product_id = products.product_id
    left join customers on open_items.partner_id = customers.partner_id
    where open_items.ledger_side = 'receivable'

),

payables as (

    -- Owed to whom billed, be it the product's main supplier or not.
    select
        'payables' as measure,
        open_items.product_id,
        suppliers.supplier_id,
        cast(null as string) as segment,
        open_items.amount_reporting
    from open_items
    left join suppliers on open_items.partner_id = suppliers.supplier_id
    where open_items.ledger_side = 'payable'

),

stock as (

    select
        'stock' as measure,
        stock.product_id,
        products.main_supplier_id as supplier_id,
        cast(null as string) as segment,
        stock.value_reporting as amount_reporting
    from {{ ref('fct_stock_daily') }} as stock
    left join products on stock.product_id = products.product_id
    where stock.day = {{ as_of_date() }}

),

revenue as (

    select
        'revenue' as measure,
        income.product_id,
        products.main_supplier_id as supplier_id,
        coalesce(customers.segment, 'unallocated') as segment,
        income.amount_reporting
    from {{ ref('int_revenue_lines') }} as income
    left join products on income.product_id = products.product_id
    left join customers on income.partner_id = customers.partner_id
    where
        income.account_type = 'income'
        and income.day <= {{ as_of_date() }}
        and income.day > {{ days_after(as_of_date(), -365) }}

),

cost_of_sales as (

    select
        'cost_of_sales' as measure,
        bought.product_id,
        products.main_supplier_id as supplier_id,
        bought.segment,
        bought.cost_of_sales_reporting as amount_reporting
    from {{ ref('int_product_segment_shares') }} as bought
    left join products on bought.product_id = products.product_id

),

united as (

    select * from receivables
    union all
    select * from payables
    union all
    select * from stock
    union all
    select * from revenue
    union all
    select * from cost_of_sales

)

select
    united.measure,
    united.product_id,
    coalesce(products.product_family, 'unallocated') as product_family,
    coalesce(united.supplier_id, 'unallocated') as supplier_id,
    united.segment,
    cast(sum(united.amount_reporting) as decimal(18, 2)) as amount_reporting
from united
left join products on united.product_id = products.product_id
group by
    united.measure,
    united.product_id,
    coalesce(products.product_family, 'unallocated'),
    coalesce(united.supplier_id, 'unallocated'),
    united.segment
