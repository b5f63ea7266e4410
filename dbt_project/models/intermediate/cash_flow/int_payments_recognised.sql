-- One row per bank entry and document found by who pays and how much, where no number told all of it;
-- and one row without a document per entry of which two or more fit alike.

with payments as (

    select * from {{ ref('int_payments') }}
    where is_trade and not is_return

),

documents as (

    select * from {{ ref('int_payment_documents') }}

),

-- Numbers come first. Even one that is not sure enough says that another document is not meant.
named as (

    select * from {{ ref('int_payments_named') }}

),

sure as (

    select named.*
    from named
    cross join {{ ref('payment_match_limits') }} as limits
    where named.score >= limits.automatic_score

),

short_numbers as (

    select
        entry_id,
        move_id
    from {{ ref('int_payment_references') }}
    where reference = 'short_number'

),

deductions as (

    select * from {{ ref('payment_deductions') }}

),

rules as (

    select * from {{ ref('payment_match_rules') }}
    where reference in ('short_number', 'none')

),

-- Evidence first: what a number ever took of a document, no name may take.
taken as (

    select
        sure.move_id,
        sum(sure.money + sure.discount + sure.charges) as taken_amount
    from sure
    inner join {{ ref('int_payments') }} as payments on sure.entry_id = payments.entry_id
    where not payments.is_returned
    group by sure.move_id

),

credits as (

    select
        reversed_move_id as move_id,
        document_date as credit_date,
        total_amount as credit_amount
    from documents
    where reversed_move_id is not null

),

open_documents as (

    select
        documents.*,
        documents.total_amount - coalesce(taken.taken_amount, 0) as untaken_amount
    from documents
    left join taken on documents.move_id = taken.move_id
    where documents.total_amount > coalesce(taken.taken_amount, 0)

),

spent as (

    select
        entry_id,
        sum(side * money) as spent_amount
    from named
    group by entry_id

),

remaining as (

    select
        payments.*,
        payments.paid_amount - coalesce(spent.spent_amount, 0) as left_amount
    from payments
    left join spent on payments.entry_id = spent.entry_id
    where payments.paid_amount > coalesce(spent.spent_amount, 0)

),

-- An account belongs to whom it has paid for by number.
known_accounts as (

    select
        payments.counterparty_account,
        min(documents.partner_id) as partner_id
    from sure
    inner join payments on sure.entry_id = payments.entry_id
    inner join documents on sure.move_id = documents.move_id
    where payments.counterparty_account is not null
    group by payments.counterparty_account
    having count(distinct documents.partner_id) = 1

),

candidates as (

    select
        remaining.entry_id,
        remaining.booking_date,
        remaining.paid_amount,
        remaining.left_amount,
        open_documents.move_id,
        open_documents.due_date,
        open_documents.document_date,
        open_documents.untaken_amount,
        {{ days_between('open_documents.document_date', 'remaining.booking_date') }} as age_days,
        case when short_numbers.move_id is null then 'none' else 'short_number' end as reference
    from remaining
    left join known_accounts on remaining.counterparty_account = known_accounts.counterparty_account
    inner join open_documents
        on
            remaining.direction = open_documents.direction
            and remaining.paid_currency_code = open_documents.currency_code
            and coalesce(remaining.company_id, open_documents.company_id) = open_documents.company_id
            and remaining.booking_date >= open_documents.document_date
            and case
                when known_accounts.partner_id is null then remaining.name_key = open_documents.name_key
                else known_accounts.partner_id = open_documents.partner_id
            end
    left join short_numbers
        on
            remaining.entry_id = short_numbers.entry_id
            and open_documents.move_id = short_numbers.move_id

),

credited as (

    select
        candidates.entry_id,
        candidates.move_id,
        sum(credits.credit_amount) as credited_amount
    from candidates
    inner join credits
        on
            candidates.move_id = credits.move_id
            and candidates.booking_date >= credits.credit_date
    group by candidates.entry_id, candidates.move_id

),

opened as (

    select
        candidates.*,
        cast(candidates.untaken_amount - coalesce(credited.credited_amount, 0) as decimal(18, 2)) as open_amount
    from candidates
    left join credited
        on
            candidates.entry_id = credited.entry_id
            and candidates.move_id = credited.move_id
    where candidates.untaken_amount > coalesce(credited.credited_amount, 0)

),

summed as (

    select
        *,
        row_number() over (partition by entry_id order by due_date, document_date, move_id) as place,
        cast(sum(open_amount) over (
            partition by entry_id order by due_date, document_date, move_id
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as sum_to_here
    from opened

),

singles as (

    select
        summed.entry_id,
        summed.place as first_place,
        summed.place as last_place,
        summed.reference,
        summed.age_days,
        summed.left_amount,
        summed.open_amount,
        'one' as documents,
        coalesce(deductions.discount_ratio, 0) as discount_ratio,
        coalesce(deductions.max_charges_amount > 0, false) as has_charges,
        case
            when deductions.deduction is not null then 'full'
            when summed.left_amount < summed.open_amount then 'part'
            else 'over'
        end as amount,
        coalesce(deductions.deduction_order, 99) as deduction_order
    from summed
    left join deductions
        on {{ is_settled_less('deductions', 'summed.open_amount', 'summed.left_amount', 'summed.age_days') }}
    qualify
        row_number() over (
            partition by summed.entry_id, summed.place order by deductions.deduction_order nulls last
        ) = 1

),

-- Documents that follow each other by due date and add up to the payment: one sum met by another, no search.
runs as (

    select
        firsts.entry_id,
        firsts.place as first_place,
        lasts.place as last_place,
        'none' as reference,
        firsts.age_days,
        firsts.left_amount,
        firsts.left_amount as open_amount,
        'several' as documents,
        0 as discount_ratio,
        false as has_charges,
        'full' as amount,
        1 as deduction_order
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
        rules.score,
        rules.rule_order
    from (
        select * from singles
        union all
        select * from runs
    ) as units
    inner join rules
        on
            -- Whoever gives a half number that leads here may also be known by amount alone.
            (rules.reference = units.reference or rules.reference = 'none')
            and rules.documents in (units.documents, 'any')
            and rules.amount in (units.amount, 'any')
            and units.age_days >= rules.min_days
            and units.age_days <= rules.max_days
    qualify
        row_number() over (
            partition by units.entry_id, units.first_place, units.last_place order by rules.rule_order
        ) = 1

),

best as (

    select
        *,
        count(*) over (partition by entry_id) as alike
    from (
        select * from ruled
        qualify
            rank() over (partition by entry_id order by rule_order, deduction_order) = 1
    ) as first_ranked

),

chosen as (

    select
        best.entry_id,
        best.rule_code,
        best.score,
        best.alike,
        best.discount_ratio,
        best.has_charges,
        best.amount,
        best.left_amount,
        summed.booking_date,
        summed.paid_amount,
        summed.move_id,
        summed.open_amount
    from best
    inner join summed
        on
            best.entry_id = summed.entry_id
            and summed.place between best.first_place and best.last_place

),

-- A document is given once, to the first payment that fits it.
first_come as (

    select
        *,
        row_number() over (
            partition by move_id order by score desc, booking_date, entry_id
        ) as turn
    from chosen
    where alike = 1

),

given as (

    select
        *,
        max(turn) over (partition by entry_id) as latest_turn
    from first_come

)

select
    entry_id,
    move_id,
    1 as side,
    rule_code,
    score,
    paid_amount as payment_amount,
    cast(least(left_amount, open_amount) as decimal(18, 2)) as money,
    cast(case
        when discount_ratio > 0 and has_charges then {{ discount_on('open_amount', 'discount_ratio') }}
        when discount_ratio > 0 then open_amount - left_amount
        else 0
    end as decimal(18, 2)) as discount,
    cast(case
        when has_charges
            then open_amount - {{ discount_on('open_amount', 'discount_ratio') }} - left_amount
        else 0
    end as decimal(18, 2)) as charges,
    cast(null as varchar) as residue
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
    cast(null as decimal(18, 2)) as charges,
    'ambiguous' as residue
from chosen
where alike > 1
