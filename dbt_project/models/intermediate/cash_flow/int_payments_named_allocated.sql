-- One row per bank entry and document it names, with what of its money goes there, by the first rule that fits.
-- Amounts in the document's currency, positive.

with named as (

    select * from {{ ref('int_payments_named') }}

),

-- What an entry names counts as a whole, one document or several.
totalled as (

    select
        *,
        cast(sum(side * open_amount) over (partition by entry_id) as decimal(18, 2)) as due_amount,
        min(reference) over (partition by entry_id) as weakest_reference,
        bool_and(is_partner) over (partition by entry_id) as is_partner_of_all,
        max(case when side = 1 then document_type end) over (partition by entry_id) as paid_document_type,
        min(age_days) over (partition by entry_id) as youngest_days,
        max(age_days) over (partition by entry_id) as oldest_days
    from named

),

fitted as (

    select
        totalled.*,
        coalesce(deductions.discount_ratio, 0) as discount_ratio,
        coalesce(deductions.max_charges_amount > 0, false) as has_charges,
        totalled.is_exchanged
        and abs(totalled.due_amount - totalled.payment_amount) <= totalled.due_amount * limits.exchange_ratio
            as is_same_abroad,
        deductions.deduction is not null as is_full
    from totalled
    cross join {{ ref('payment_match_limits') }} as limits
    left join {{ ref('payment_deductions') }} as deductions
        on {{ is_settled_less(
            'deductions', 'totalled.paid_document_type', 'totalled.due_amount', 'totalled.payment_amount',
            'totalled.oldest_days'
        ) }}
    qualify
        row_number() over (
            partition by totalled.entry_id, totalled.move_id order by deductions.deduction_order nulls last
        ) = 1

),

ruled as (

    select
        fitted.*,
        rules.rule_code,
        rules.score,
        -- What an exchange brought more or less than the published rate is no debt.
        case when fitted.is_same_abroad then fitted.due_amount else fitted.payment_amount end as money_amount,
        {{ discount_on('fitted.open_amount', 'fitted.discount_ratio') }} as usual_discount,
        -- On the first document.
        case
            when
                fitted.has_charges
                and not fitted.is_same_abroad
                and row_number() over (
                    partition by fitted.entry_id, rules.rule_order
                    order by fitted.side desc, fitted.due_date asc, fitted.move_id asc
                ) = 1
                then
                    fitted.due_amount
                    - {{ discount_on('fitted.due_amount', 'fitted.discount_ratio') }}
                    - fitted.payment_amount
            else 0
        end as charges_amount
    from fitted
    inner join {{ ref('payment_match_rules') }} as rules
        on
            fitted.weakest_reference = rules.reference
            and fitted.paid_document_type like rules.document_like
            and (fitted.is_partner_of_all or not rules.needs_partner)
            and (rules.documents = 'any' or (rules.documents = 'one') = (fitted.document_count = 1))
            and (
                rules.amount = 'any'
                or (rules.amount = 'exact' and fitted.is_full and not fitted.has_charges)
                or (rules.amount = 'full' and (fitted.is_full or fitted.is_same_abroad))
                or (rules.amount = 'part' and not fitted.is_full and fitted.payment_amount < fitted.due_amount)
            )
            and fitted.youngest_days >= rules.min_days
            and fitted.oldest_days <= rules.max_days
    qualify
        row_number() over (partition by fitted.entry_id, fitted.move_id order by rules.rule_order) = 1

),

-- Credit notes first, then the oldest.
running as (

    select
        *,
        coalesce(sum(side * (open_amount - usual_discount - charges_amount)) over (
            partition by entry_id order by side, due_date, move_id
            rows between unbounded preceding and 1 preceding
        ), 0) as money_before,
        row_number() over (partition by entry_id order by side desc, due_date desc, move_id desc) = 1 as is_last
    from ruled

),

shared as (

    select
        *,
        case
            when side = -1 then open_amount - usual_discount
            -- The last one takes what rounding has left.
            when is_last and is_full then money_amount - money_before
            else least(open_amount - usual_discount - charges_amount, greatest(money_amount - money_before, 0))
        end as allocated_amount
    from running

)

select
    entry_id,
    move_id,
    side,
    rule_code,
    score,
    cast(money_amount as decimal(18, 2)) as payment_amount,
    cast(allocated_amount as decimal(18, 2)) as allocated_amount,
    cast(case when discount_ratio > 0 then open_amount - allocated_amount - charges_amount else 0 end as decimal(18, 2))
        as discount_amount,
    cast(charges_amount as decimal(18, 2)) as charges_amount
from shared
where allocated_amount > 0
