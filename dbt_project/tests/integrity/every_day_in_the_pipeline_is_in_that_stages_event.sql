-- The stage a deal shows at the end of a day is the one its stage events say.

with spans as (

    select * from {{ ref('fct_pipeline_span') }}

),

events as (

    select * from {{ ref('fct_deal_stage_event') }}

)

select
    spans.deal_id,
    spans.stage_id,
    spans.valid_from_date,
    spans.valid_to_date
from spans
left join events
    on
        spans.deal_id = events.deal_id
        and spans.stage_id = events.stage_id
        and spans.valid_from_date >= events.entered_date
        -- Not "or left_date is null": an OR in an outer join makes DuckDB compare every pair.
        and least(spans.valid_to_date, {{ days_after(as_of_date(), 1) }})
        <= coalesce(events.left_date, {{ open_end() }})
where events.deal_id is null
