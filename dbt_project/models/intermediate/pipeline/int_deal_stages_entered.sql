-- One row per deal and stage entered, in order; skips, step-backs and reopenings are kept as they came.

with changes as (

    select * from {{ ref('int_deal_changes') }}

),

stages as (

    select * from {{ ref('int_deal_stages') }}

)

select
    changes.deal_id,
    changes.change_number as stage_number,
    coalesce(stages.stage_id, 'unmapped') as stage_id,
    changes.value_text as crm_stage_id,
    coalesce(stages.is_closed, false) as is_closed,
    coalesce(stages.is_won, false) as is_won,
    coalesce(stages.is_lost, false) as is_lost,
    stages.stage_order,
    changes.changed_at as entered_at,
    changes.changed_date as entered_date,
    lead(changes.changed_at) over (partition by changes.deal_id order by changes.change_number) as left_at,
    lead(changes.changed_date) over (partition by changes.deal_id order by changes.change_number) as left_date
from changes
left join stages
    on changes.value_text = stages.stage_id
where changes.property = 'stage'
