-- One row per deal, day and movement: what changed the open pipeline between the ends of two days.

with neighboured as (

    select * from {{ ref('int_pipeline_days_compared') }}

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
        day,
        deal_id,
        owner_id,
        segment,
        close_month,
        case when day_before is null then 'created' else 'reopened' end as movement,
        amount_reporting as amount
    from neighboured
    where day_before is null or day_before < {{ days_after('day', -1) }}

),

gone as (

    select
        {{ days_after('neighboured.day', 1) }} as day,
        neighboured.deal_id,
        neighboured.owner_id,
        neighboured.segment,
        neighboured.close_month,
        case when stages.is_won then 'won' else 'lost' end as movement,
        -neighboured.amount_reporting as amount
    from neighboured
    left join stages
        on
            neighboured.deal_id = stages.deal_id
            and {{ days_after('neighboured.day', 1) }} >= stages.valid_from_date
            and {{ days_after('neighboured.day', 1) }} < stages.valid_to_date
    where
        neighboured.day < {{ as_of_date() }}
        and (neighboured.next_day is null or neighboured.next_day > {{ days_after('neighboured.day', 1) }})

),

stayed as (

    -- What it is raised by is valued at the day's rate; what the rate did to the rest is a movement of its own.
    select
        neighboured.*,
        case
            when neighboured.amount = neighboured.amount_before then 0
            else coalesce(
                {{ divide_money('neighboured.amount - neighboured.amount_before', 'rates.units_per_reporting') }}, 0
            )
        end as raised
    from neighboured
    left join {{ ref('int_fx_rate_spans') }} as rates
        on
            neighboured.currency_code = rates.currency_code
            and neighboured.day >= rates.valid_from_date
            and neighboured.day < rates.valid_to_date
    where neighboured.day_before = {{ days_after('neighboured.day', -1) }}

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
