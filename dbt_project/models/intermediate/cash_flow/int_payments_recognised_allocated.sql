-- One row per bank entry and document found by who pays and how much, by the first rule that fits;
-- and one row without a document per entry that fits two or more alike. Amounts in the document's currency, positive.

with recognised as (

    select * from {{ ref('int_payments_recognised') }}

),

deductions as (

    select * from {{ ref('payment_deductions') }}

),

rules as (

    select * from {{ ref('payment_match_rules') }}

),

summed as (

    select
        *,
        row_number() over (partition by entry_id order by due_date, document_date, move_id) as place,
        cast(sum(open_amount) over (
            partition by entry_id order by due_date, document_date, move_id
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as sum_to_here
    from recognised

),

singles as (

    select
        summed.entry_id,
        summed.place as first_place,
        summed.place as last_place,
        summed.reference,
        summed.document_type,
        summed.age_days,
        'one' as documents,
        case
            when deductions.max_charges_amount = 0 then 'exact'
            when deductions.deduction is not null then 'full'
            when summed.left_amount < summed.open_amount then 'part'
            else 'over'
        end as amount,
        deductions.deduction_order,
        coalesce(deductions.discount_ratio, 0) as discount_ratio,
        coalesce(deductions.max_charges_amount > 0, false) as has_charges
    from summed
    left join deductions
        on {{ is_settled_less(
            'deductions', 'summed.document_type', 'summed.open_amount', 'summed.left_amount', 'summed.age_days'
        ) }}
    qualify
        row_number() over (
            partition by summed.entry_id, summed.place order by deductions.deduction_order nulls last
        ) = 1

),

-- Documents that follow each other by due date and add up to the payment. One running sum meets another: no search.
runs as (

    select
        firsts.entry_id,
        firsts.place as first_place,
        lasts.place as last_place,
        'none' as reference,
        firsts.document_type,
        firsts.age_days,
        'several' as documents,
        'exact' as amount,
        1 as deduction_order,
        0 as discount_ratio,
        false as has_charges
    from summed as firsts
    inner join summed as lasts
        on
            firsts.entry_id = lasts.entry_id
            and firsts.sum_to_here - firsts.open_amount + firsts.left_amount = lasts.sum_to_here
            and firsts.place < lasts.place

),

units as (

    select * from singles
    union all
    select * from runs

),

ruled as (

    select
        units.*,
        rules.rule_code,
        rules.score,
        rules.rule_order
    from units
    inner join rules
        on
            -- Half a number is no hindrance to a rule that asks for none.
            rules.reference in (units.reference, 'none')
            and units.document_type like rules.document_like
            and rules.documents in (units.documents, 'any')
            and (rules.amount in (units.amount, 'any') or (rules.amount = 'full' and units.amount = 'exact'))
            and units.age_days >= rules.min_days
            and units.age_days <= rules.max_days
    qualify
        row_number() over (
            partition by units.entry_id, units.first_place, units.last_place order by rules.rule_order
        ) = 1

),

first_ranked as (

    select * from ruled
    qualify rank() over (partition by entry_id order by rule_order, deduction_order nulls last) = 1

),

chosen as (

    select
        *,
        count(*) over (partition by entry_id) as alike
    from first_ranked

),

-- A document is given once, to the first payment that fits it.
queued as (

    select
        summed.entry_id,
        summed.move_id,
        summed.payment_amount,
        summed.left_amount,
        summed.open_amount,
        chosen.rule_code,
        chosen.score,
        chosen.discount_ratio,
        chosen.has_charges,
        row_number() over (
            partition by summed.move_id
            order by chosen.score desc, summed.booking_date, summed.statement_position, summed.entry_id
        ) as turn
    from chosen
    inner join summed
        on
            chosen.entry_id = summed.entry_id
            and summed.place between chosen.first_place and chosen.last_place
    where chosen.alike = 1

),

given as (

    select
        *,
        max(turn) over (partition by entry_id) as latest_turn,
        {{ discount_on('open_amount', 'discount_ratio') }} as usual_discount
    from queued

)

select
    entry_id,
    move_id,
    1 as side,
    rule_code,
    score,
    payment_amount,
    cast(least(left_amount, open_amount) as decimal(18, 2)) as money,
    cast(case
        when discount_ratio = 0 then 0
        when has_charges then usual_discount
        else open_amount - left_amount
    end as decimal(18, 2)) as discount,
    cast(case when has_charges then open_amount - usual_discount - left_amount else 0 end as decimal(18, 2))
        as charges
from given
where latest_turn = 1
union all
select distinct
    entry_id,
    cast(null as varchar) as move_id,
    1 as side,
    cast(null as varchar) as rule_code,
    cast(null as decimal(3, 2)) as score,
    cast(null as decimal(18, 2)) as payment_amount,
    cast(null as decimal(18, 2)) as money,
    cast(null as decimal(18, 2)) as discount,
    cast(null as decimal(18, 2)) as charges
from chosen
where alike > 1
