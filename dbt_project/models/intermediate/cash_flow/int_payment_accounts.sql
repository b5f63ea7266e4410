-- One row per account of a counterparty that has paid for one and the same partner, by number and twice at least.

with named as (

    select * from {{ ref('int_payment_references') }}
    where
        reference in ('structured', 'number')
        and side = 1

),

payments as (

    select * from {{ ref('int_payments') }}
    where counterparty_account is not null

),

documents as (

    select * from {{ ref('int_payment_documents') }}

)

select
    payments.counterparty_account,
    min(documents.partner_id) as partner_id
from named
inner join payments on named.entry_id = payments.entry_id
inner join documents on named.move_id = documents.move_id
group by payments.counterparty_account
having
    count(distinct documents.partner_id) = 1
    -- Once may be a mistake, and must not prove itself.
    and count(distinct named.entry_id) > 1
