-- One row per deal stage, and one for stages the CRM does not name: 'unmapped'.

with stages as (

    select * from {{ ref('int_deal_stages') }}

)

select
    stage_id,
    stage_name,
    pipeline_id,
    pipeline_name,
    stage_order,
    win_probability_ratio,
    is_closed,
    is_won,
    is_lost,
    is_active
from stages
