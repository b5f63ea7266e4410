-- One row per deal, day and movement: what changed the open pipeline between the ends of two days.

with worths as (

    select * from {{ ref('int_pipeline_worths') }}

),

stages as (

    select
        spans.deal_id,
        spans.valid_from_date,
        spans.valid_to_date,
        known.is_won
    from {{ ref('int_deal_days_spanned') }} as spans
    left join {{ ref('int_deal_stages') }} as known on spans.value_text = known.stage_id
    where spans.property = 'stage'

),

entered as (

    select
        valid_from_date as day,
        deal_id,
        owner_id,
        segment,
        close_month,
        case when ended_before is null then 'created' else 'reopened' end as movement,
        amount_reporting as amount
    from worths
    where ended_before is null or ended_before < valid_from_date

),

gone as (

    select
        worths.valid_to_date as day,
        worths.deal_id,
        worths.owner_id,
        worths.segment,
        worths.close_month,
        case when stages.is_won then 'won' else 'lost' end as movement,
        -worths.amount_reporting as amount
    from worths
    left join stages
        on
            worths.deal_id = stages.deal_id
            and worths.valid_to_date >= stages.valid_from_date
            and worths.valid_to_date < stages.valid_to_date
    where
        worths.valid_to_date <= {{ as_of_date() }}
        and (worths.next_from_date is null or worths.next_from_date > worths.valid_to_date)

),

stayed as (

    -- What it is raised by is valued at the day's rate; what the rate did to the rest is a movement of its own.
    select
        *,
        valid_from_date as day,
        case
            when amount = amount_before then 0
            else coalesce({{ divide_money('amount - amount_before', 'units_per_reporting') }}, 0)
        end as raised
    from worths
    where ended_before = valid_from_date

)

select * from entered
union all
select * from gone
union all
select
    day,
    deal_id,
    owner_before as owner_id,
    segment,
    month_before as close_month,
    'handed_over_out' as movement,
    -reporting_before as amount
from stayed
where owner_id <> owner_before
union all
select
    day,
    deal_id,
    owner_id,
    segment,
    month_before as close_month,
    'handed_over_in' as movement,
    reporting_before as amount
from stayed
where owner_id <> owner_before
union all
select
    day,
    deal_id,
    owner_id,
    segment,
    month_before as close_month,
    'pushed_out' as movement,
    -reporting_before as amount
from stayed
where close_month <> month_before
union all
select
    day,
    deal_id,
    owner_id,
    segment,
    close_month,
    'pulled_in' as movement,
    reporting_before as amount
from stayed
where close_month <> month_before
union all
select
    day,
    deal_id,
    owner_id,
    segment,
    close_month,
    case when raised > 0 then 'raised' else 'lowered' end as movement,
    raised as amount
from stayed
where raised <> 0
union all
select
    day,
    deal_id,
    owner_id,
    segment,
    close_month,
    'revalued' as movement,
    amount_reporting - reporting_before - raised as amount
from stayed
where amount_reporting - reporting_before - raised <> 0
