-- A deal leaves a stage in the moment it enters the next one, and is in exactly one now.

with events as (

    select
        deal_id,
        stage_number,
        entered_at,
        left_at,
        lead(stage_number) over (partition by deal_id order by stage_number) as next_number,
        lead(entered_at) over (partition by deal_id order by stage_number) as next_entered_at

    from {{ ref('fct_deal_stage_event') }}

)

select *
from events
where
    left_at is distinct from next_entered_at
    or next_number <> stage_number + 1
    or left_at < entered_at
