-- One row per kind of movement: what the open pipeline gained and lost since the day before and in 30 days.
-- A deal counts once, under the first kind that fits; the changes add up to the change of the total.

with spans as (

    select unnest([1, 30]) as days

),

-- The days by themselves: a join alone would have the view write out every day there ever was.
pipeline as (

    select * from pipeline.fct_pipeline_daily
    where day in ($as_of, $as_of - 1, $as_of - 30)

),

before as (

    select pipeline.*, spans.days
    from pipeline
    inner join spans on pipeline.day = $as_of - spans.days

),

today as (

    select pipeline.*, spans.days
    from pipeline
    cross join spans
    where pipeline.day = $as_of

),

changes as (

    select
        coalesce(today.days, before.days) as days,
        deals.deal_name,
        coalesce(today.amount_reporting, 0) - coalesce(before.amount_reporting, 0) as change,
        abs(coalesce(today.amount_reporting, before.amount_reporting, 0)) as size,
        case
            when before.deal_id is null then 'opened'
            when today.deal_id is null and deals.is_won then 'won'
            when today.deal_id is null and deals.is_lost then 'lost'
            when today.deal_id is null then 'gone from the CRM'
            when today.currency_code is distinct from before.currency_code then 'currency changed'
            when coalesce(today.amount, 0) > coalesce(before.amount, 0) then 'raised'
            when coalesce(today.amount, 0) < coalesce(before.amount, 0) then 'lowered'
            when today.expected_close_date > before.expected_close_date then 'pushed out'
            when today.expected_close_date < before.expected_close_date then 'pulled in'
            when today.stage_id != before.stage_id then 'moved stage'
            when today.amount_reporting is distinct from before.amount_reporting then 'exchange rates'
        end as movement
    from before
    full join today on before.deal_id = today.deal_id and before.days = today.days
    left join pipeline.fct_deal as deals on coalesce(today.deal_id, before.deal_id) = deals.deal_id

)

select
    movement,
    count(*) filter (where days = 1) as deals_1,
    coalesce(sum(change) filter (where days = 1), 0) as change_1,
    max_by(deal_name, size) filter (where days = 1 and movement != 'exchange rates') as biggest_1,
    count(*) filter (where days = 30) as deals_30,
    coalesce(sum(change) filter (where days = 30), 0) as change_30
from changes
where movement is not null
group by movement
order by abs(change_30) desc, movement
