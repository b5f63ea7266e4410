-- One row per bank entry and document it names by a whole number, with what of its money goes there.
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

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

deductions as (

    select * from {{ ref('payment_deductions') }}

),

rules as (

    select * from {{ ref('payment_match_rules') }}

),

limits as (

    select * from {{ ref('payment_match_limits') }}

),

paired as (

    select
        named.entry_id,
        named.move_id,
        named.side,
        named.reference,
        named.is_partner,
        payments.booking_date,
        payments.is_returned,
        documents.due_date,
        documents.total_amount,
        {{ days_between('documents.document_date', 'payments.booking_date') }} as age_days,
        payments.paid_currency_code <> documents.currency_code as is_exchanged,
        case
            when payments.paid_currency_code = documents.currency_code then payments.paid_amount
            else {{ divide_money(
                'payments.paid_amount * document_rates.units_per_reporting', 'paid_rates.units_per_reporting'
            ) }}
        end as paid_amount,
        count(*) over (partition by named.entry_id) as document_count,
        max(named.side) over (partition by named.entry_id) as best_side

    from named
    inner join payments on named.entry_id = payments.entry_id
    inner join documents on named.move_id = documents.move_id
    left join rates as paid_rates
        on
            payments.paid_currency_code = paid_rates.currency_code
            and payments.booking_date >= paid_rates.valid_from_date
            and payments.booking_date < paid_rates.valid_to_date
    left join rates as document_rates
        on
            documents.currency_code = document_rates.currency_code
            and payments.booking_date >= document_rates.valid_from_date
            and payments.booking_date < document_rates.valid_to_date

),

-- A credit note is taken off invoices, not paid with money of the same direction.
usable as (

    select * from paired
    where
        best_side = 1
        and paid_amount > 0
        and (document_count = 1 or not is_exchanged)

),

-- What a payment takes up of a document, before it is known what was open: the full amount where it names several,
-- or falls short by a deduction; nothing where it came back.
claims as (

    select
        usable.entry_id,
        usable.move_id,
        usable.booking_date,
        case
            when usable.is_returned then 0
            when usable.document_count > 1 or deductions.deduction is not null then usable.total_amount
            else least(usable.paid_amount, usable.total_amount)
        end as claim
    from usable
    left join deductions
        on {{ is_settled_less('deductions', 'usable.total_amount', 'usable.paid_amount', 'usable.age_days') }}
    qualify
        row_number() over (
            partition by usable.entry_id, usable.move_id order by deductions.deduction_order nulls last
        ) = 1
    union all
    -- What a credit note takes off its invoice.
    select
        cast(null as varchar) as entry_id,
        reversed_move_id as move_id,
        document_date as booking_date,
        total_amount as claim
    from documents
    where reversed_move_id is not null

),

claimed as (

    select
        entry_id,
        move_id,
        coalesce(sum(claim) over (
            partition by move_id order by booking_date, entry_id nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as claimed_before
    from claims

),

opened as (

    select
        usable.*,
        cast(greatest(usable.total_amount - claimed.claimed_before, 0) as decimal(18, 2)) as open_amount
    from usable
    inner join claimed
        on
            usable.entry_id = claimed.entry_id
            and usable.move_id = claimed.move_id

),

-- What an entry names counts as a whole, one document or several.
totalled as (

    select
        *,
        cast(sum(side * open_amount) over (partition by entry_id) as decimal(18, 2)) as due_amount,
        min(reference) over (partition by entry_id) as weakest_reference,
        bool_and(is_partner) over (partition by entry_id) as is_partner_of_all,
        min(age_days) over (partition by entry_id) as youngest_days,
        max(age_days) over (partition by entry_id) as oldest_days
    from opened

),

fitted as (

    select
        totalled.*,
        coalesce(deductions.discount_ratio, 0) as discount_ratio,
        coalesce(deductions.max_charges_amount > 0, false) as has_charges,
        totalled.is_exchanged
        and abs(totalled.due_amount - totalled.paid_amount) <= totalled.due_amount * limits.exchange_ratio
            as is_same_abroad,
        deductions.deduction is not null as is_full
    from totalled
    cross join limits
    left join deductions
        on {{ is_settled_less('deductions', 'totalled.due_amount', 'totalled.paid_amount', 'totalled.oldest_days') }}
    qualify
        row_number() over (
            partition by totalled.entry_id, totalled.move_id order by deductions.deduction_order nulls last
        ) = 1

),

ruled as (

    select
        fitted.*,
        rules.rule_code,
        rules.score
    from fitted
    inner join rules
        on
            fitted.weakest_reference = rules.reference
            and (fitted.is_partner_of_all or not rules.needs_partner)
            and (rules.documents = 'any' or (rules.documents = 'one') = (fitted.document_count = 1))
            and (
                rules.amount = 'any'
                or (rules.amount = 'full' and (fitted.is_full or fitted.is_same_abroad))
                or (rules.amount = 'part' and not fitted.is_full and fitted.paid_amount < fitted.due_amount)
            )
            and fitted.youngest_days >= rules.min_days
            and fitted.oldest_days <= rules.max_days
    qualify
        row_number() over (partition by fitted.entry_id, fitted.move_id order by rules.rule_order) = 1

),

deducted as (

    select
        *,
        -- What an exchange brought more or less than the published rate is no debt.
        case when is_same_abroad then open_amount else paid_amount end as payment_amount,
        {{ discount_on('open_amount', 'discount_ratio') }} as usual_discount,
        case
            when has_charges and row_number() over (partition by entry_id order by side desc, due_date, move_id) = 1
                then due_amount - {{ discount_on('due_amount', 'discount_ratio') }} - paid_amount
            else 0
        end as charges
    from ruled

),

-- Credit notes first, then the oldest.
running as (

    select
        *,
        coalesce(sum(side * (open_amount - usual_discount - charges)) over (
            partition by entry_id order by side, due_date, move_id
            rows between unbounded preceding and 1 preceding
        ), 0) as money_before,
        row_number() over (partition by entry_id order by side desc, due_date desc, move_id desc) = 1 as is_last
    from deducted

),

shared as (

    select
        *,
        case
            when side = -1 then open_amount - usual_discount
            -- The last one takes what rounding has left.
            when is_last and is_full then payment_amount - money_before
            else least(open_amount - usual_discount - charges, greatest(payment_amount - money_before, 0))
        end as money_shared
    from running

)

select
    entry_id,
    move_id,
    side,
    rule_code,
    score,
    payment_amount,
    cast(money_shared as decimal(18, 2)) as money,
    cast(case when discount_ratio > 0 then open_amount - money_shared - charges else 0 end as decimal(18, 2))
        as discount,
    cast(charges as decimal(18, 2)) as charges
from shared
where money_shared > 0
