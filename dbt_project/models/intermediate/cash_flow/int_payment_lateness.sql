-- One row per invoice or bill item that is settled, at least in part by money, with the days it was late.

with items as (

    select * from {{ ref('int_open_items') }}
    where document_type in ('out_invoice', 'in_invoice', 'out_receipt', 'in_receipt')

),

payments as (

    -- Whatever is no invoice and no credit note; exchange differences have no amount in the document's currency.
    select item_id
    from {{ ref('int_open_items') }}
    where
        document_type = 'entry'
        and original_amount <> 0

),

matchings as (

    select * from {{ ref('stg_odoo__account_partial_reconcile') }}

),

paid as (

    select matchings.debit_move_line_id as item_id
    from matchings
    inner join payments on matchings.credit_move_line_id = payments.item_id
    union
    select matchings.credit_move_line_id as item_id
    from matchings
    inner join payments on matchings.debit_move_line_id = payments.item_id

),

open_until as (

    select
        item_id,
        max(valid_to_date) as last_open_until
    from {{ ref('int_open_item_spans') }}
    group by item_id

),

settled as (

    select
        items.*,
        -- An item settled on the day it opened was never open at the end of a day.
        coalesce(open_until.last_open_until, items.opened_date) as settled_date

    from items
    inner join paid on items.item_id = paid.item_id
    left join open_until on items.item_id = open_until.item_id
    where coalesce(open_until.last_open_until, items.opened_date) < {{ open_end() }}

)

select
    item_id,
    ledger_side,
    company_id,
    move_id,
    partner_id,
    opened_date,
    due_date,
    settled_date,
    {{ days_between('due_date', 'settled_date') }} as days_late,
    {{ days_between('opened_date', 'settled_date') }} as days_to_pay,
    currency_code,
    original_amount,
    company_currency_code,
    original_amount_company

from settled
