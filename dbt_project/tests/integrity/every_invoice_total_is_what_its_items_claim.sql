-- The head of an invoice or bill says what its items claim: paying and dunning go by the head, the books by the items.
-- A warning: the document is the ERP's to mend. One with an item in quarantine is not judged.
{{ config(severity='warn') }}

with documents as (

    select * from {{ ref('stg_odoo__account_move') }}
    where move_state = 'posted' and move_type in ('out_invoice', 'out_refund', 'in_invoice', 'in_refund')

),

claims as (

    select
        move_id,
        abs(sum(currency_amount)) as claimed_amount
    from {{ ref('base_odoo__account_move_line') }}
    where display_type = 'payment_term' and not is_deleted
    group by move_id
    having count(quarantine_reason) = 0

)

select
    documents.move_id,
    documents.total_amount,
    claims.claimed_amount
from documents
inner join claims on documents.move_id = claims.move_id
where documents.total_amount <> claims.claimed_amount
