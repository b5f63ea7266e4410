-- One row per bank entry and document it names by a whole number, with what of the document was open to it.
-- Amounts in the document's currency, positive; `side` is -1 for a credit note that the payer has taken off.

with named as (

    select * from {{ ref('int_payment_references') }}
    where reference in ('structured', 'number')

),

payments as (

    select * from {{ ref('int_payments') }}

),

documents as (

    select * from {{ ref('int_payment_documents') }}

),

paired as (

    select
        named.entry_id,
        named.move_id,
        named.side,
        named.reference,
        named.is_partner or coalesce(known_accounts.partner_id = documents.partner_id, false) as is_partner,
        payments.booking_date,
        payments.statement_position,
        payments.is_returned,
        documents.document_type,
        documents.due_date,
        documents.total_amount,
        {{ days_between('documents.document_date', 'payments.booking_date') }} as age_days,
        payments.paid_currency_code <> documents.currency_code as is_exchanged,
        case
            when payments.paid_currency_code = documents.currency_code then payments.paid_amount
            else {{ divide_money(
                'payments.paid_amount * document_rates.units_per_reporting', 'paid_rates.units_per_reporting'
            ) }}
        end as payment_amount,
        count(*) over (partition by named.entry_id) as document_count,
        max(named.side) over (partition by named.entry_id) as best_side,
        min(documents.currency_code) over (partition by named.entry_id)
        = max(documents.currency_code) over (partition by named.entry_id) as is_one_currency

    from named
    inner join payments on named.entry_id = payments.entry_id
    inner join documents on named.move_id = documents.move_id
    left join {{ ref('int_payment_accounts') }} as known_accounts
        on payments.counterparty_account = known_accounts.counterparty_account
    left join {{ ref('int_fx_rate_spans') }} as paid_rates
        on
            payments.paid_currency_code = paid_rates.currency_code
            and payments.booking_date >= paid_rates.valid_from_date
            and payments.booking_date < paid_rates.valid_to_date
    left join {{ ref('int_fx_rate_spans') }} as document_rates
        on
            documents.currency_code = document_rates.currency_code
            and payments.booking_date >= document_rates.valid_from_date
            and payments.booking_date < document_rates.valid_to_date

),

usable as (

    select * from paired
    where
        -- A credit note is taken off invoices; alone it is paid the other way.
        best_side = 1
        and is_one_currency
        and payment_amount > 0

),

-- What a payment takes up of a document, before it is known what was open: all of it where the entry names several, has
-- another currency or falls short by a deduction only, and nothing where it came back.
claims as (

    select
        usable.entry_id,
        usable.move_id,
        usable.booking_date,
        usable.statement_position,
        case
            when usable.is_returned then 0
            when usable.document_count > 1 or usable.is_exchanged or deductions.deduction is not null
                then usable.total_amount
            else least(usable.payment_amount, usable.total_amount)
        end as claim
    from usable
    left join {{ ref('payment_deductions') }} as deductions
        on {{ is_settled_less(
            'deductions', 'usable.document_type', 'usable.total_amount', 'usable.payment_amount', 'usable.age_days'
        ) }}
    qualify
        row_number() over (
            partition by usable.entry_id, usable.move_id order by deductions.deduction_order nulls last
        ) = 1
    union all
    select
        cast(null as string) as entry_id,
        move_id,
        taken_date as booking_date,
        cast(null as bigint) as statement_position,
        amount as claim
    from {{ ref('int_credit_notes_taken') }}

),

claimed as (

    select
        entry_id,
        move_id,
        coalesce(sum(claim) over (
            partition by move_id order by booking_date, statement_position nulls last, entry_id nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as claimed_before
    from claims

)

select
    usable.entry_id,
    usable.move_id,
    usable.side,
    usable.reference,
    usable.is_partner,
    usable.document_type,
    usable.due_date,
    usable.age_days,
    usable.is_exchanged,
    usable.payment_amount,
    usable.document_count,
    cast(greatest(usable.total_amount - claimed.claimed_before, 0) as decimal(18, 2)) as open_amount
from usable
inner join claimed
    on
        usable.entry_id = claimed.entry_id
        and usable.move_id = claimed.move_id
