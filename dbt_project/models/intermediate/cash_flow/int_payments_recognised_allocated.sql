-- One row per bank entry and document found by who pays and how much, by the first rule that fits.
-- Amounts in the document's currency, positive.

with summed as (

    select
        *,
        row_number() over (partition by entry_id order by due_date, document_date, move_id) as place,
        cast(sum(open_amount) over (
            partition by entry_id order by due_date, document_date, move_id
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as sum_to_here
    from {{ ref('int_payments_recognised') }}

),

singles as (

    select
        summed.*,
        summed.place as last_place,
        deductions.deduction_order,
        coalesce(deductions.discount_ratio, 0) as discount_ratio,
        coalesce(deductions.max_charges_amount > 0, false) as has_charges,
        case
            when deductions.max_charges_amount = 0 then 'exact'
            when deductions.deduction is not null then 'full'
            when summed.left_amount < summed.open_amount then 'part'
            else 'over'
        end as amount
    from summed
    left join {{ ref('payment_deductions') }} as deductions
        on {{ is_settled_less(
            'deductions', 'summed.document_type', 'summed.open_amount', 'summed.left_amount', 'summed.age_days'
        ) }}
    qualify
        row_number() over (
            partition by summed.entry_id, summed.place order by deductions.deduction_order nulls last
        ) = 1

),

units as (

    select * from singles
    union all
    -- Documents that follow each other by due date and add up to the payment. One running sum meets another: no search.
    select
        firsts.*,
        lasts.place as last_place,
        1 as deduction_order,
        0 as discount_ratio,
        false as has_charges,
        'exact' as amount
    from summed as firsts
    inner join summed as lasts
        on
            firsts.entry_id = lasts.entry_id
            and firsts.sum_to_here - firsts.open_amount + firsts.left_amount = lasts.sum_to_here
            and firsts.place < lasts.place

),

ruled as (

    select
        units.*,
        rules.rule_code,
        rules.rule_order,
        rules.score
    from units
    inner join {{ ref('payment_match_rules') }} as rules
        on
            -- Half a number is no hindrance to a rule that asks for none.
            (rules.reference = 'none' or (units.reference = rules.reference and units.place = units.last_place))
            and units.document_type like rules.document_like
            and (rules.documents = 'any' or (rules.documents = 'one') = (units.place = units.last_place))
            and (rules.amount in (units.amount, 'any') or (rules.amount = 'full' and units.amount = 'exact'))
            and units.age_days >= rules.min_days
            and units.age_days <= rules.max_days
    qualify
        rank() over (partition by units.entry_id order by rules.rule_order, units.deduction_order nulls last) = 1

),

-- The oldest of those that fit alike.
chosen as (

    select
        *,
        count(*) over (partition by entry_id) as document_count
    from ruled
    qualify row_number() over (partition by entry_id order by place, last_place) = 1

),

-- A document is given once, to the first payment that fits it.
queued as (

    select
        chosen.*,
        summed.move_id as given_move_id,
        summed.open_amount as given_amount,
        row_number() over (
            partition by summed.move_id
            order by
                chosen.document_count asc, chosen.score desc,
                chosen.booking_date asc, chosen.statement_position asc, chosen.entry_id asc
        ) as turn,
        count(*) over (partition by summed.move_id, chosen.document_count, chosen.score, chosen.booking_date)
            as payment_count
    from chosen
    inner join summed
        on
            chosen.entry_id = summed.entry_id
            and summed.place between chosen.place and chosen.last_place

),

given as (

    select
        *,
        -- Documents that fit alike, or payments: of two on one day either may be the one too much.
        greatest(document_count, max(payment_count) over (partition by entry_id)) as alike_count,
        {{ discount_on('given_amount', 'discount_ratio') }} as usual_discount
    from queued
    qualify max(turn) over (partition by entry_id) = 1

)

select
    entry_id,
    given_move_id as move_id,
    1 as side,
    rule_code,
    -- The less sure the more fit alike.
    cast({{ rounded_quotient('score', 'alike_count', 2) }} as decimal(3, 2)) as score,
    alike_count,
    payment_amount,
    cast(least(left_amount, given_amount) as decimal(18, 2)) as allocated_amount,
    cast(case
        when discount_ratio = 0 then 0
        when has_charges then usual_discount
        else given_amount - left_amount
    end as decimal(18, 2)) as discount_amount,
    cast(case when has_charges then given_amount - usual_discount - left_amount else 0 end as decimal(18, 2))
        as charges_amount
from given
