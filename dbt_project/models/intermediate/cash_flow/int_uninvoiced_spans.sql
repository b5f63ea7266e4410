-- One row per order, ours or a supplier's, and span of days on which the same amount of it was not invoiced yet.

with sales as (

    select * from {{ ref('int_sale_orders') }}

),

purchases as (

    select * from {{ ref('int_purchase_lines') }}

),

invoices as (

    select * from {{ ref('stg_odoo__account_move') }}
    where move_state = 'posted'

),

bill_lines as (

    select
        journal_items.purchase_line_id,
        journal_items.accounting_date,
        journal_items.currency_amount
    from {{ ref('stg_odoo__account_move_line') }} as journal_items
    inner join invoices on journal_items.move_id = invoices.move_id
    where
        invoices.move_type in ('in_invoice', 'in_receipt')
        and journal_items.purchase_line_id is not null

),

changes as (

    select
        'receivable' as ledger_side,
        sale_order_id as document_id,
        ordered_date as changed_date,
        total_amount as amount_change
    from sales
    union all
    -- The ERP names on an invoice the order it is for. What is credited later is not going to be invoiced again.
    select
        'receivable' as ledger_side,
        sales.sale_order_id as document_id,
        invoices.accounting_date as changed_date,
        -invoices.total_amount as amount_change
    from sales
    inner join invoices
        on
            sales.order_name = invoices.invoice_origin
            and sales.company_id = invoices.company_id
    where invoices.move_type in ('out_invoice', 'out_receipt')
    union all
    select
        'payable' as ledger_side,
        purchase_line_id as document_id,
        ordered_date as changed_date,
        amount as amount_change
    from purchases
    union all
    select
        'payable' as ledger_side,
        purchases.purchase_line_id as document_id,
        bill_lines.accounting_date as changed_date,
        -bill_lines.currency_amount as amount_change
    from purchases
    inner join bill_lines on purchases.purchase_line_id = bill_lines.purchase_line_id

),

per_day as (

    select
        ledger_side,
        document_id,
        changed_date,
        sum(amount_change) as amount_change
    from changes
    group by ledger_side, document_id, changed_date

),

spans as (

    -- Our orders and theirs are numbered alike. Only keys in the joins below: else they are nested loops.
    select
        ledger_side,
        document_id,
        case ledger_side when 'receivable' then document_id end as sale_order_id,
        case ledger_side when 'payable' then document_id end as purchase_line_id,
        changed_date as valid_from_date,
        lead(changed_date, 1, {{ open_end() }}) over (
            partition by ledger_side, document_id order by changed_date
        ) as valid_to_date,
        cast(sum(amount_change) over (
            partition by ledger_side, document_id order by changed_date
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as open_amount
    from per_day

)

select
    spans.ledger_side,
    spans.document_id,
    coalesce(sales.order_name, purchases.order_name) as document_name,
    coalesce(sales.partner_id, purchases.supplier_id) as partner_id,
    -- What its invoice is waited for from: an order of ours, or the day the goods are promised.
    coalesce(sales.ordered_date, purchases.promised_date, purchases.ordered_date) as awaited_from_date,
    spans.valid_from_date,
    spans.valid_to_date,
    coalesce(sales.currency_code, purchases.currency_code) as currency_code,
    spans.open_amount

from spans
left join sales on spans.sale_order_id = sales.sale_order_id
left join purchases on spans.purchase_line_id = purchases.purchase_line_id
where spans.open_amount > 0
