-- What leads to a document adds up to its money, to the cent, origins and named residues together; and whatever is
-- named as an origin has one itself, back to the deal, the order of a supplier, or a name.

with flow as (

    select * from {{ ref('fct_document_flow') }}

),

told as (

    select
        to_kind,
        to_id,
        sum(amount) as amount,
        count(case when from_id is null and residue is null then 1 end) as unnamed
    from flow
    group by to_kind, to_id

),

documents as (

    select
        case when document_type like 'out%' then 'invoice' else 'bill' end as document_kind,
        move_id as document_id,
        sum(ledger_sign * original_amount) as amount
    from {{ ref('int_open_items') }}
    where document_type <> 'entry'
    group by document_type, move_id

    union all

    select
        'bank_entry' as document_kind,
        entry_id as document_id,
        amount
    from {{ ref('fct_bank_entry') }}
    where is_leaf

    union all

    select
        'sale_order' as document_kind,
        sale_order_id as document_id,
        total_amount as amount
    from {{ ref('int_sale_orders') }}

)

select
    documents.document_kind,
    documents.document_id,
    documents.amount as document_amount,
    told.amount as told_amount
from documents
left join told
    on
        documents.document_kind = told.to_kind
        and documents.document_id = told.to_id
where
    documents.amount <> coalesce(told.amount, 0)
    or coalesce(told.unnamed, 1) > 0

union all

select
    flow.from_kind as document_kind,
    flow.from_id as document_id,
    flow.amount as document_amount,
    cast(null as decimal(18, 2)) as told_amount
from flow
left join told
    on
        flow.from_kind = told.to_kind
        and flow.from_id = told.to_id
where
    flow.residue is null
    and flow.from_kind not in ('deal', 'purchase_order')
    and told.to_id is null
