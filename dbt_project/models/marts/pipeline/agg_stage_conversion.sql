-- One row per month in which deals entered a stage, stage and segment: what became of them by the as-of day.

with stages as (

    select * from {{ ref('int_deal_stages_entered') }}

),

endings as (

    select * from {{ ref('fct_deal') }}

),

entries as (

    select
        stages.deal_id,
        stages.stage_id,
        endings.segment,
        {{ month_of('stages.entered_date') }} as cohort_month,
        stages.left_date,
        {{ days_between('stages.entered_date', 'stages.left_date') }} as stage_days,
        lead(stages.is_won) over deal_stages
        or lead(stages.stage_order) over deal_stages > stages.stage_order and not lead(stages.is_lost) over deal_stages
            as is_advanced,
        stages.is_closed,
        endings.is_won,
        endings.is_lost,
        endings.is_open
    from stages
    inner join endings on stages.deal_id = endings.deal_id
    window deal_stages as (partition by stages.deal_id order by stages.stage_number)

),

counted as (

    select
        cohort_month,
        stage_id,
        segment,
        count(*) as entered,
        count(case when is_advanced then 1 end) as advanced,
        count(case when is_won then 1 end) as won,
        count(case when is_lost then 1 end) as lost,
        count(case when is_open then 1 end) as still_open,
        count(left_date) as left_stage,
        -- Only of those that left: a stage is young in its newest months, and looks quicker than it is.
        {{ percentile('stage_days', 0.5) }} as median_days,
        {{ percentile('stage_days', 0.9) }} as p90_days
    from entries
    where not is_closed
    group by cohort_month, stage_id, segment

)

select
    cohort_month,
    stage_id,
    segment,
    cast(entered as bigint) as entered,
    cast(advanced as bigint) as advanced,
    cast(won as bigint) as won,
    cast(lost as bigint) as lost,
    cast(still_open as bigint) as still_open,
    cast(left_stage as bigint) as left_stage,
    {{ ratio('advanced', 'left_stage') }} as advanced_ratio,
    {{ ratio('won', 'won + lost') }} as won_ratio,
    cast(median_days as decimal(18, 2)) as median_days,
    cast(p90_days as decimal(18, 2)) as p90_days
from counted
