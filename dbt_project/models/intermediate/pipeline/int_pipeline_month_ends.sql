-- One row per month end or as-of day, segment and owner with open deals: how many, and what they are worth.

with daily as (

    select * from {{ ref('fct_pipeline_daily') }}
    -- Said in this way it is applied to the days, before each is joined with the deals that were open.
    where day = {{ as_of_date() }} or day = last_day(day)

),

deals as (

    select * from {{ ref('int_deals') }}

)

select
    daily.day,
    deals.segment,
    coalesce(daily.owner_id, 'none') as owner_id,
    count(*) as open_deals,
    sum(coalesce(daily.amount_reporting, 0)) as open_amount
from daily
inner join deals on daily.deal_id = deals.deal_id
group by daily.day, deals.segment, coalesce(daily.owner_id, 'none')
