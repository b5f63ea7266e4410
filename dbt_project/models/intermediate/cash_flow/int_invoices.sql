-- One row per posted invoice or bill; a credit note is one with the opposite sign.

with documents as (

    select
        *,
        -- As money will move: what customers owe and suppliers credit comes in.
        case when move_type in ('out_invoice', 'out_receipt', 'in_refund') then 1 else -1 end as cash_sign
    from {{ ref('stg_odoo__account_move') }}
    where
        move_state = 'posted'
        and move_type in ('out_invoice', 'out_refund', 'out_receipt', 'in_invoice', 'in_refund', 'in_receipt')

),

owed as (

    -- Counted like in fct_receivable_span and fct_payable_span: one amount for one document.
    select
        move_id,
        sum(ledger_sign * original_amount) as amount
    from {{ ref('int_open_items') }}
    group by move_id

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

)

select
    documents.move_id as invoice_id,
    case when documents.move_type in ('out_invoice', 'out_refund', 'out_receipt') then 'invoice' else 'bill' end
        as invoice_kind,
    documents.company_id,
    documents.move_name as invoice_name,
    documents.invoice_origin as order_name,
    documents.reversed_move_id as reversed_invoice_id,
    documents.accounting_date as invoiced_date,
    documents.cash_sign,
    cast(coalesce(owed.amount, documents.cash_sign * documents.total_amount) as decimal(18, 2)) as amount,
    -- ISO 4217's "no currency", as in int_open_items.
    coalesce(currencies.currency_code, 'XXX') as currency_code

from documents
left join owed on documents.move_id = owed.move_id
left join currencies on documents.currency_id = currencies.currency_id
