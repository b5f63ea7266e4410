-- One row per bank entry of which no number told all, and document of the partner who paid that was open to it.
-- Amounts in the document's currency, positive.

with payments as (

    select * from {{ ref('int_payments') }}

),

documents as (

    select * from {{ ref('int_payment_documents') }}

),

allocated as (

    select
        allocated.entry_id,
        allocated.move_id,
        allocated.side * allocated.allocated_amount as spent,
        case
            when allocated.score >= limits.automatic_score and not payments.is_returned
                then allocated.allocated_amount + allocated.discount_amount + allocated.charges_amount
            else 0
        end as taken
    from {{ ref('int_payments_named_allocated') }} as allocated
    cross join {{ ref('payment_match_limits') }} as limits
    inner join payments on allocated.entry_id = payments.entry_id

),

-- Numbers come first, whenever they came: what one took of a document, no name may take. And an entry whose number is
-- not sure enough has spent its money too: it says that another document is not meant.
taken as (

    select
        move_id,
        sum(taken) as taken_amount
    from allocated
    group by move_id

),

spent as (

    select
        entry_id,
        sum(spent) as spent_amount
    from allocated
    group by entry_id

),

open_documents as (

    select
        documents.*,
        documents.total_amount - coalesce(taken.taken_amount, 0) as untaken_amount
    from documents
    left join taken on documents.move_id = taken.move_id
    where documents.total_amount > coalesce(taken.taken_amount, 0)

),

remaining as (

    select
        payments.*,
        known_accounts.partner_id,
        cast(payments.paid_amount - coalesce(spent.spent_amount, 0) as decimal(18, 2)) as left_amount
    from payments
    left join spent on payments.entry_id = spent.entry_id
    left join {{ ref('int_payment_accounts') }} as known_accounts
        on payments.counterparty_account = known_accounts.counterparty_account
    where
        payments.is_trade
        and not payments.is_return
        and payments.paid_amount > coalesce(spent.spent_amount, 0)

),

-- An account that is known tells more than a name, which two partners may share.
candidates as (

    select
        remaining.entry_id,
        open_documents.move_id
    from remaining
    inner join open_documents on remaining.partner_id = open_documents.partner_id
    union all
    select
        remaining.entry_id,
        open_documents.move_id
    from remaining
    inner join open_documents on remaining.name_key = open_documents.name_key
    where remaining.partner_id is null

),

credits as (

    select
        candidates.entry_id,
        candidates.move_id,
        sum(credit_notes.amount) as credited_amount
    from candidates
    inner join payments on candidates.entry_id = payments.entry_id
    inner join {{ ref('int_credit_notes_taken') }} as credit_notes
        on
            candidates.move_id = credit_notes.move_id
            and payments.booking_date >= credit_notes.taken_date
    group by candidates.entry_id, candidates.move_id

)

select
    remaining.entry_id,
    remaining.booking_date,
    remaining.statement_position,
    remaining.paid_amount as payment_amount,
    remaining.left_amount,
    open_documents.move_id,
    open_documents.document_type,
    open_documents.document_date,
    open_documents.due_date,
    {{ days_between('open_documents.document_date', 'remaining.booking_date') }} as age_days,
    case when references_found.move_id is null then 'none' else 'short_number' end as reference,
    cast(open_documents.untaken_amount - coalesce(credits.credited_amount, 0) as decimal(18, 2)) as open_amount

from candidates
inner join remaining on candidates.entry_id = remaining.entry_id
inner join open_documents on candidates.move_id = open_documents.move_id
left join credits
    on
        candidates.entry_id = credits.entry_id
        and candidates.move_id = credits.move_id
left join {{ ref('int_payment_references') }} as references_found
    on
        candidates.entry_id = references_found.entry_id
        and candidates.move_id = references_found.move_id
        and references_found.reference = 'short_number'
where
    remaining.direction = open_documents.direction
    and remaining.paid_currency_code = open_documents.currency_code
    and coalesce(remaining.company_id, open_documents.company_id) = open_documents.company_id
    and remaining.booking_date >= open_documents.document_date
    and open_documents.untaken_amount > coalesce(credits.credited_amount, 0)
