-- One row per open stage on the business date, in the stages' own order.

select
    stages.stage_name as stage,
    count(*) as deals,
    coalesce(sum(pipeline.amount_reporting), 0) as amount,
    coalesce(sum(pipeline.weighted_amount_reporting), 0) as weighted
from pipeline.fct_pipeline_daily as pipeline
inner join core.dim_deal_stage as stages on pipeline.stage_id = stages.stage_id
where pipeline.day = $as_of
group by stages.stage_id, stages.stage_name, stages.pipeline_name, stages.stage_order
order by stages.pipeline_name, stages.stage_order, stages.stage_id
