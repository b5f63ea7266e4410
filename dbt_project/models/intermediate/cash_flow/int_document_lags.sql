-- One row per origin and step from one document to the next, with how many days such steps took.

{% set days_back = 365 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

sales as (

    select * from {{ ref('int_sale_orders') }}

),

purchases as (

    select * from {{ ref('int_purchase_lines') }}

),

deals as (

    select * from {{ ref('fct_deal') }}
    -- One that was reopened and lost keeps its order, and led to none.
    where is_won

),

invoices as (

    select * from {{ ref('stg_odoo__account_move') }}
    where move_state = 'posted'

),

steps as (

    select
        'deal to order' as step,
        sales.ordered_date as taken_date,
        {{ days_between('deals.closed_date', 'sales.ordered_date') }} as days_taken
    from sales
    inner join deals
        on
            sales.deal_id = deals.deal_id
            and sales.ordered_date >= deals.closed_date
    union all
    select
        'order to invoice' as step,
        invoices.accounting_date as taken_date,
        {{ days_between('sales.ordered_date', 'invoices.accounting_date') }} as days_taken
    from sales
    inner join invoices
        on
            sales.order_name = invoices.invoice_origin
            and sales.company_id = invoices.company_id
    where invoices.move_type in ('out_invoice', 'out_receipt')
    union all
    select
        'promise to bill' as step,
        bill_lines.accounting_date as taken_date,
        {{ days_between('coalesce(purchases.promised_date, purchases.ordered_date)', 'bill_lines.accounting_date') }}
            as days_taken
    from purchases
    inner join {{ ref('stg_odoo__account_move_line') }} as bill_lines
        on purchases.purchase_line_id = bill_lines.purchase_line_id
    inner join invoices on bill_lines.move_id = invoices.move_id
    where invoices.move_type in ('in_invoice', 'in_receipt')
    union all
    select
        'receipt to bill' as step,
        bill_lines.accounting_date as taken_date,
        {{ days_between('receipts.first_received_date', 'bill_lines.accounting_date') }} as days_taken
    from {{ ref('int_purchase_lines_received') }} as receipts
    inner join {{ ref('stg_odoo__account_move_line') }} as bill_lines
        on
            receipts.purchase_line_id = bill_lines.purchase_line_id
            and receipts.first_received_date <= bill_lines.accounting_date
    inner join invoices on bill_lines.move_id = invoices.move_id
    where invoices.move_type in ('in_invoice', 'in_receipt')

),

measured as (

    select
        origins.forecast_date,
        steps.step,
        {{ fifths('steps.days_taken', 'days') }}
    from origins
    inner join steps
        on
            origins.forecast_date >= steps.taken_date
            and {{ days_after('origins.forecast_date', -days_back) }} < steps.taken_date
    group by origins.forecast_date, steps.step

)

select
    forecast_date,
    step,
    cast(round(days_1) as bigint) as days_1,
    cast(round(days_2) as bigint) as days_2,
    cast(round(days_3) as bigint) as days_3,
    cast(round(days_4) as bigint) as days_4,
    cast(round(days_5) as bigint) as days_5
from measured
