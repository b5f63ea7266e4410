-- One row per category of bank entries booked on the business date, with the document that the largest entry pays.

with documents as (

    select
        entry_id,
        max_by(document_name, abs(amount)) as document
    from cash_flow.fct_payment_match
    group by entry_id

)

select
    entries.category,
    count(*) as entries,
    coalesce(sum(entries.amount_reporting), 0) as amount,
    max_by(documents.document, abs(entries.amount_reporting)) as biggest
from cash_flow.fct_bank_entry as entries
left join documents on entries.entry_id = documents.entry_id
where entries.balance_date = $as_of and entries.is_leaf
group by entries.category
order by abs(sum(entries.amount_reporting)) desc, entries.category
