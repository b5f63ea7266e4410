-- One row per open deal and week, on the as-of day's weekday, as the deal stood at the end of that day.

with days as (

    select * from {{ ref('fct_pipeline_daily') }}
    -- Said in this way it is applied to the days, before each is joined with the deals that were open.
    where dayname(day) = dayname({{ as_of_date() }})

),

stages as (

    select * from {{ ref('int_deal_days_spanned') }}
    where property = 'stage'

),

deals as (

    select * from {{ ref('int_deals') }}

)

select
    days.day as snapshot_date,
    days.deal_id,
    days.stage_id,
    deals.segment,
    deals.customer_id,
    days.expected_close_date,
    coalesce(days.amount_reporting, 0) as amount_reporting,
    coalesce(days.weighted_amount_reporting, 0) as weighted_amount_reporting,
    -- How long a deal rests in its stage says more than its age: after two months most are dead.
    case
        when {{ days_between('stages.valid_from_date', 'days.day') }} < 14 then 'below 14 days'
        when {{ days_between('stages.valid_from_date', 'days.day') }} < 30 then '14 to 29 days'
        when {{ days_between('stages.valid_from_date', 'days.day') }} < 60 then '30 to 59 days'
        else '60 days and more'
    end as stage_age,
    -- How far away its owner expects the close says when, better than the stage does.
    case
        when days.expected_close_date is null then 'unknown'
        when {{ days_between('days.day', 'days.expected_close_date') }} <= 0 then 'due'
        when {{ days_between('days.day', 'days.expected_close_date') }} <= 14 then 'within 14 days'
        when {{ days_between('days.day', 'days.expected_close_date') }} <= 28 then 'within 28 days'
        when {{ days_between('days.day', 'days.expected_close_date') }} <= 42 then 'within 42 days'
        when {{ days_between('days.day', 'days.expected_close_date') }} <= 60 then 'within 60 days'
        when {{ days_between('days.day', 'days.expected_close_date') }} <= 90 then 'within 90 days'
        else 'later'
    end as expected_close

from days
inner join deals on days.deal_id = deals.deal_id
inner join stages
    on
        days.deal_id = stages.deal_id
        and days.day >= stages.valid_from_date
        and days.day < stages.valid_to_date
