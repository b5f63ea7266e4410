-- The stage a deal shows at the end of a day is the one its stage events say.

with pipeline as (

    select * from {{ ref('fct_pipeline_daily') }}

),

events as (

    select * from {{ ref('fct_deal_stage_event') }}

)

select
    pipeline.day,
    pipeline.deal_id,
    pipeline.stage_id
from pipeline
left join events
    on
        pipeline.deal_id = events.deal_id
        and pipeline.stage_id = events.stage_id
        and pipeline.day >= events.entered_date
        -- Not "or left_date is null": an OR in an outer join makes DuckDB compare every pair.
        and pipeline.day < coalesce(events.left_date, date '9999-12-31')
where events.deal_id is null
