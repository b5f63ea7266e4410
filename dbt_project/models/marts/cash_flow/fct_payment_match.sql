-- One row per bank entry that counts and document it pays, and one per entry for what is left of it.

with payments as (

    select * from {{ ref('int_payments') }}

),

matched as (

    select * from {{ ref('int_payments_matched') }}

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

-- What comes back undoes all that was made of the entry it takes back.
undone as (

    select * from matched
    union all
    select
        payments.entry_id,
        matched.move_id,
        case when matched.move_id is not null then 'return' end as rule_code,
        matched.score,
        matched.residue,
        -matched.amount as amount,
        -matched.discount_amount as discount_amount,
        -matched.charges_amount as charges_amount,
        -matched.settled_amount as settled_amount
    from payments
    inner join matched on payments.returned_entry_id = matched.entry_id

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
        when undone.score < limits.automatic_score then coalesce(undone.residue, 'below_threshold')
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
