-- One row per confirmed sale order, with the CRM's deal it came from where the ERP names one.

with orders as (

    select * from {{ ref('stg_odoo__sale_order') }}
    -- A quotation is not an order yet, a cancelled one no longer.
    where order_state in ('sale', 'done')

),

deals as (

    select deal_id from {{ ref('int_deals') }}

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

)

select
    orders.sale_order_id,
    orders.order_name,
    orders.company_id,
    orders.partner_id,
    orders.warehouse_id,
    deals.deal_id,
    {{ business_date('orders.ordered_at') }} as ordered_date,
    {{ business_date('coalesce(orders.promised_at, orders.ordered_at)') }} as promised_date,
    orders.untaxed_amount,
    orders.total_amount,
    currencies.currency_code

from orders
left join currencies on orders.currency_id = currencies.currency_id
left join deals on orders.deal_id = deals.deal_id
