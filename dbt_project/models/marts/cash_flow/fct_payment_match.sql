-- One row per bank entry that counts and document it pays, and one per entry for what is left of it.

with payments as (

    select * from {{ ref('int_payments') }}

),

documents as (

    select * from {{ ref('int_payment_documents') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

limits as (

    select * from {{ ref('payment_match_limits') }}

),

found as (

    select
        entry_id,
        move_id,
        side,
        rule_code,
        score,
        payment_amount,
        money,
        discount,
        charges
    from {{ ref('int_payments_named_allocated') }}
    union all
    select
        entry_id,
        move_id,
        side,
        rule_code,
        score,
        payment_amount,
        money,
        discount,
        charges
    from {{ ref('int_payments_recognised_allocated') }}
    where move_id is not null

),

running as (

    select
        *,
        sum(side * money) over (
            partition by entry_id order by score desc, move_id rows between unbounded preceding and current row
        ) as money_to_here
    from found

),

-- In the currency of the account, as the difference of two rounded running shares: they add up to the entry.
matched as (

    select
        running.entry_id,
        running.move_id,
        running.rule_code,
        running.score,
        {{ divide_money('payments.amount * running.money_to_here', 'running.payment_amount') }}
        - {{ divide_money(
            'payments.amount * (running.money_to_here - running.side * running.money)', 'running.payment_amount'
        ) }} as amount,
        {{ divide_money('payments.amount * running.side * running.discount', 'running.payment_amount') }}
            as discount_amount,
        {{ divide_money('payments.amount * running.side * running.charges', 'running.payment_amount') }}
            as charges_amount,
        payments.direction * running.side * (running.money + running.discount + running.charges) as settled_amount
    from running
    inner join payments on running.entry_id = payments.entry_id

),

matched_per_entry as (

    select
        entry_id,
        sum(amount) as matched_amount
    from matched
    group by entry_id

),

-- Why somebody has to look.
quoting as (

    select distinct entry_id from {{ ref('int_payment_references') }}
    where
        side = 1
        and reference <> 'short_number'

),

ambiguous as (

    select entry_id from {{ ref('int_payments_recognised_allocated') }}
    where move_id is null

),

partners as (

    select distinct name_key from documents

),

outcomes as (

    select
        entry_id,
        move_id,
        rule_code,
        score,
        cast(null as varchar) as residue,
        amount,
        discount_amount,
        charges_amount,
        settled_amount
    from matched
    union all
    select
        payments.entry_id,
        cast(null as varchar) as move_id,
        cast(null as varchar) as rule_code,
        cast(null as decimal(3, 2)) as score,
        case
            when matched_per_entry.entry_id is not null or quoting.entry_id is not null then 'overpaid'
            when not payments.is_trade then 'not_a_trade_payment'
            when payments.is_return then 'return_of_unknown'
            when ambiguous.entry_id is not null then 'ambiguous'
            when partners.name_key is not null then 'no_open_document'
            else 'unknown_partner'
        end as residue,
        payments.amount - coalesce(matched_per_entry.matched_amount, 0) as amount,
        0 as discount_amount,
        0 as charges_amount,
        0 as settled_amount
    from payments
    left join matched_per_entry on payments.entry_id = matched_per_entry.entry_id
    left join quoting on payments.entry_id = quoting.entry_id
    left join ambiguous on payments.entry_id = ambiguous.entry_id
    left join partners on payments.name_key = partners.name_key
    where
        payments.amount <> coalesce(matched_per_entry.matched_amount, 0)
        and payments.returned_entry_id is null

),

-- What comes back undoes all that was made of the entry it takes back.
undone as (

    select * from outcomes
    union all
    select
        payments.entry_id,
        outcomes.move_id,
        case when outcomes.move_id is not null then 'return' end as rule_code,
        outcomes.score,
        outcomes.residue,
        -outcomes.amount as amount,
        -outcomes.discount_amount as discount_amount,
        -outcomes.charges_amount as charges_amount,
        -outcomes.settled_amount as settled_amount
    from payments
    inner join outcomes on payments.returned_entry_id = outcomes.entry_id

)

select
    undone.entry_id || '/' || coalesce(undone.move_id, undone.residue) as match_id,
    undone.entry_id,
    undone.move_id,
    documents.company_id,
    documents.document_name,
    documents.document_type,
    documents.partner_id,
    payments.account_id,
    payments.booking_date,
    undone.rule_code,
    cast(undone.score as decimal(3, 2)) as score,
    coalesce(undone.score >= limits.automatic_score, false) as is_automatic,
    case
        when undone.score < limits.automatic_score then 'below_threshold'
        else undone.residue
    end as residue,
    cast(undone.amount as decimal(18, 2)) as amount,
    payments.currency_code,
    {{ divide_money('undone.amount', 'rates.units_per_reporting') }} as amount_reporting,
    cast(undone.discount_amount as decimal(18, 2)) as discount_amount,
    cast(undone.charges_amount as decimal(18, 2)) as charges_amount,
    cast(undone.settled_amount as decimal(18, 2)) as settled_amount,
    documents.currency_code as document_currency_code

from undone
cross join limits
inner join payments on undone.entry_id = payments.entry_id
left join documents on undone.move_id = documents.move_id
left join rates
    on
        payments.currency_code = rates.currency_code
        and payments.booking_date >= rates.valid_from_date
        and payments.booking_date < rates.valid_to_date
