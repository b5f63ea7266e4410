-- One row per deal and stage it entered, in order.

with stages_entered as (

    select * from {{ ref('int_deal_stages_entered') }}

),

deals as (

    select * from {{ ref('int_deals_as_of') }}

),

compared as (

    select
        stages_entered.*,
        lag(stages_entered.stage_id) over stage_sequence as previous_stage_id,
        lag(stages_entered.stage_order) over stage_sequence as previous_stage_order,
        lag(stages_entered.is_closed) over stage_sequence as was_closed

    from stages_entered
    inner join deals
        on stages_entered.deal_id = deals.deal_id
    window stage_sequence as (partition by stages_entered.deal_id order by stages_entered.stage_number)

)

select
    deal_id,
    stage_number,
    stage_id,
    crm_stage_id,
    previous_stage_id,
    entered_at,
    left_at,
    entered_date,
    left_date,
    cast({{ days_between(
        'entered_date', 'coalesce(left_date, ' ~ as_of_date() ~ ')'
    ) }} as bigint) as days_in_stage,
    left_at is null as is_current,
    coalesce(not is_closed and not was_closed and stage_order < previous_stage_order, false) as is_step_back,
    coalesce(not is_closed and was_closed, false) as is_reopening
from compared
