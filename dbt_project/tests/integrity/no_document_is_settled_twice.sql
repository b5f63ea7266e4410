-- What is matched without a person never settles more of a document than it is worth, whatever was paid, sent back,
-- paid again or credited.
with settled as (

    select
        move_id,
        sum(settled_amount) as settled_amount
    from {{ ref('fct_payment_match') }}
    where is_automatic
    group by move_id

)

select
    documents.move_id,
    documents.document_name,
    documents.total_amount,
    settled.settled_amount
from settled
inner join {{ ref('int_payment_documents') }} as documents on settled.move_id = documents.move_id
where settled.settled_amount * documents.direction not between 0 and documents.total_amount
