-- One row per document that money or goods flow through: its number and business date.

with orders as (

    select
        orders.*,
        currencies.currency_code
    from {{ ref('stg_odoo__sale_order') }} as orders
    left join {{ ref('stg_odoo__res_currency') }} as currencies on orders.currency_id = currencies.currency_id

),

purchases as (

    select
        orders.*,
        currencies.currency_code
    from {{ ref('stg_odoo__purchase_order') }} as orders
    left join {{ ref('stg_odoo__res_currency') }} as currencies on orders.currency_id = currencies.currency_id

)

select
    'deal' as document_kind,
    deal_id as document_id,
    deal_name as document_name,
    coalesce(closed_date, created_date) as document_date,
    currency_code
from {{ ref('fct_deal') }}

union all

select
    'sale_order' as document_kind,
    sale_order_id as document_id,
    order_name as document_name,
    {{ business_date('ordered_at') }} as document_date,
    currency_code
from orders

union all

select
    'purchase_order' as document_kind,
    purchase_order_id as document_id,
    order_name as document_name,
    {{ business_date('coalesce(approved_at, ordered_at)') }} as document_date,
    currency_code
from purchases

union all

select
    goods_kind as document_kind,
    move_line_id as document_id,
    reference as document_name,
    move_date as document_date,
    cast(null as string) as currency_code
from {{ ref('int_goods_delivered') }}

union all

select
    invoice_kind as document_kind,
    invoice_id as document_id,
    invoice_name as document_name,
    invoiced_date as document_date,
    currency_code
from {{ ref('int_invoices') }}

union all

select
    'bank_entry' as document_kind,
    entry_id as document_id,
    reference as document_name,
    booking_date as document_date,
    currency_code
from {{ ref('fct_bank_entry') }}
where is_leaf
