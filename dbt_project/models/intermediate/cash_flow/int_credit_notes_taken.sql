-- One row per credit note and document that it lowers, and day on which it does. Amounts in the document's currency.

with documents as (

    select * from {{ ref('int_payment_documents') }}

),

items as (

    select * from {{ ref('int_open_items') }}

),

matchings as (

    select * from {{ ref('stg_odoo__account_partial_reconcile') }}

),

notes as (

    select
        items.item_id,
        documents.move_id as credit_note_id
    from documents
    inner join items on documents.move_id = items.move_id
    where documents.document_type in ('out_refund', 'in_refund')

),

-- What the ERP has matched of a credit note, with another document or with money.
matched as (

    select
        notes.credit_note_id,
        matchings.debit_move_line_id as item_id,
        matchings.matched_date,
        matchings.credit_currency_amount as note_amount,
        matchings.debit_currency_amount as amount
    from matchings
    inner join notes on matchings.credit_move_line_id = notes.item_id
    union all
    select
        notes.credit_note_id,
        matchings.credit_move_line_id as item_id,
        matchings.matched_date,
        matchings.debit_currency_amount as note_amount,
        matchings.credit_currency_amount as amount
    from matchings
    inner join notes on matchings.debit_move_line_id = notes.item_id

),

used as (

    select
        credit_note_id,
        sum(note_amount) as used_amount
    from matched
    group by credit_note_id

),

-- Of a credit note that an entry names the bank tells where it went: paid out, or taken off in that entry.
named as (

    select
        found.move_id as credit_note_id,
        min(found.side) as side
    from {{ ref('int_payment_references') }} as found
    inner join {{ ref('int_payments') }} as payments on found.entry_id = payments.entry_id
    where
        found.reference in ('structured', 'number')
        and not payments.is_returned
    group by found.move_id

),

lowered as (

    select
        matched.credit_note_id,
        items.move_id,
        matched.matched_date as taken_date,
        matched.amount
    from matched
    inner join items on matched.item_id = items.item_id
    inner join documents on items.move_id = documents.move_id
    left join named on matched.credit_note_id = named.credit_note_id
    where coalesce(named.side, 1) = 1
    union all
    -- What nobody has used yet is for the document it reverses.
    select
        documents.move_id as credit_note_id,
        documents.reversed_move_id as move_id,
        documents.document_date as taken_date,
        documents.total_amount - coalesce(used.used_amount, 0) as amount
    from documents
    left join used on documents.move_id = used.credit_note_id
    left join named on documents.move_id = named.credit_note_id
    where
        documents.reversed_move_id is not null
        and named.credit_note_id is null

)

select
    credit_note_id,
    move_id,
    taken_date,
    cast(sum(amount) as decimal(18, 2)) as amount
from lowered
where amount > 0
group by credit_note_id, move_id, taken_date
