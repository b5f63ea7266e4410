-- One row per link between two documents, and per document and name for what has no origin.

with orders as (

    select * from {{ ref('stg_odoo__sale_order') }}
    -- A quotation is not an order yet.
    where order_state in ('sale', 'done', 'cancel')

),

payments as (

    select
        matches.entry_id,
        matches.amount,
        case
            when not matches.is_automatic then null
            when matches.document_type like 'out%' then 'invoice'
            else 'bill'
        end as from_kind,
        -- A match that somebody has to look at is none yet.
        case when matches.is_automatic then matches.move_id end as from_id,
        case when matches.is_automatic then matches.rule_code end as rule_code,
        case
            when matches.is_automatic then null
            when matches.residue = 'not_a_trade_payment' then entries.category
            else matches.residue
        end as residue

    from {{ ref('fct_payment_match') }} as matches
    inner join {{ ref('fct_bank_entry') }} as entries on matches.entry_id = entries.entry_id

)

select
    'sale_order' as to_kind,
    sale_order_id as to_id,
    case when deal_id is not null then 'deal' end as from_kind,
    deal_id as from_id,
    case when deal_id is not null then 'deal_reference' end as known_by,
    case when deal_id is null then 'without_deal' end as residue,
    cast(null as decimal(18, 4)) as units,
    -- What was cancelled keeps its link: it says why no money came.
    case order_state when 'cancel' then 0 else total_amount end as amount
from orders

union all

select
    goods_kind as to_kind,
    move_line_id as to_id,
    case when order_id is not null then order_kind end as from_kind,
    order_id as from_id,
    case when order_id is not null then 'order_line' end as known_by,
    case when order_id is null then 'without_order' end as residue,
    units,
    null as amount
from {{ ref('int_goods_delivered') }}

union all

select
    invoice_kind as to_kind,
    invoice_id as to_id,
    origin_kind as from_kind,
    origin_id as from_id,
    known_by,
    case when origin_id is null then 'without_order' end as residue,
    null as units,
    amount
from {{ ref('int_invoices_traced') }}

union all

select
    case goods_kind when 'delivery' then 'invoice' else 'bill' end as to_kind,
    invoice_id as to_id,
    goods_kind as from_kind,
    move_line_id as from_id,
    known_by,
    null as residue,
    units,
    null as amount
from {{ ref('int_goods_invoiced') }}

union all

select
    'bank_entry' as to_kind,
    entry_id as to_id,
    from_kind,
    from_id,
    rule_code as known_by,
    residue,
    null as units,
    sum(amount) as amount
from payments
group by entry_id, from_kind, from_id, rule_code, residue
