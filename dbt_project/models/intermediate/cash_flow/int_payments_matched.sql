-- One row per bank entry that counts and document it pays, and one per entry for what is left of it; returns apart.
-- Amounts in the currency of the account, cash in positive; settled_amount in that of the document.

with payments as (

    select * from {{ ref('int_payments') }}
    where returned_entry_id is null

),

found as (

    select
        entry_id,
        move_id,
        side,
        rule_code,
        score,
        1 as alike_count,
        payment_amount,
        allocated_amount,
        discount_amount,
        charges_amount
    from {{ ref('int_payments_named_allocated') }}
    union all
    select
        entry_id,
        move_id,
        1 as side,
        rule_code,
        score,
        alike_count,
        payment_amount,
        allocated_amount,
        discount_amount,
        charges_amount
    from {{ ref('int_payments_recognised_allocated') }}

),

running as (

    select
        found.*,
        payments.amount as entry_amount,
        payments.direction * found.side as sign,
        sum(found.side * found.allocated_amount) over (
            partition by found.entry_id order by found.score desc, found.move_id asc
            rows between unbounded preceding and current row
        ) as allocated_to_here
    from found
    inner join payments on found.entry_id = payments.entry_id

),

-- The difference of two rounded running shares: an entry that is spent is spent to the cent, in any currency.
matched as (

    select
        entry_id,
        move_id,
        rule_code,
        score,
        alike_count,
        {{ divide_money('entry_amount * allocated_to_here', 'payment_amount') }}
        - {{ divide_money('entry_amount * (allocated_to_here - side * allocated_amount)', 'payment_amount') }}
            as amount,
        {{ divide_money('entry_amount * side * discount_amount', 'payment_amount') }} as discount_amount,
        {{ divide_money('entry_amount * side * charges_amount', 'payment_amount') }} as charges_amount,
        sign * (allocated_amount + discount_amount + charges_amount) as settled_amount
    from running

),

spent as (

    select
        entry_id,
        sum(amount) as spent_amount
    from matched
    group by entry_id

),

quoting as (

    select distinct entry_id from {{ ref('int_payment_references') }}
    where
        side = 1
        and reference <> 'short_number'

),

partners as (

    select distinct name_key from {{ ref('int_payment_documents') }}

)

select
    entry_id,
    move_id,
    rule_code,
    score,
    case when alike_count > 1 then 'ambiguous' end as residue,
    amount,
    discount_amount,
    charges_amount,
    settled_amount
from matched
union all
select
    payments.entry_id,
    cast(null as string) as move_id,
    cast(null as string) as rule_code,
    cast(null as decimal(3, 2)) as score,
    case
        when spent.entry_id is not null or quoting.entry_id is not null then 'overpaid'
        when not payments.is_trade then 'not_a_trade_payment'
        when payments.is_return then 'return_of_unknown'
        when partners.name_key is not null then 'no_open_document'
        else 'unknown_partner'
    end as residue,
    payments.amount - coalesce(spent.spent_amount, 0) as amount,
    0 as discount_amount,
    0 as charges_amount,
    0 as settled_amount
from payments
left join spent on payments.entry_id = spent.entry_id
left join quoting on payments.entry_id = quoting.entry_id
left join partners on payments.name_key = partners.name_key
where payments.amount <> coalesce(spent.spent_amount, 0)
