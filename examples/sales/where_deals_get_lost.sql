-- Out of which stage do the deals of the last year go no further?
with today as (

    select max(as_of_date) as day from trust.build

)

select
    deal_stages.stage_name,
    sum(cohorts.entered) as entered,
    sum(cohorts.advanced) as advanced,
    sum(cohorts.lost) as lost,
    sum(cohorts.still_open) as still_open,
    round(sum(cohorts.advanced) / nullif(sum(cohorts.left_stage), 0), 4) as advanced_ratio,
    round(sum(cohorts.won) / nullif(sum(cohorts.won) + sum(cohorts.lost), 0), 4) as won_ratio
from pipeline.agg_stage_conversion as cohorts
inner join core.dim_deal_stage as deal_stages on cohorts.stage_id = deal_stages.stage_id
cross join today
where cohorts.cohort_month >= today.day - interval 365 days
group by deal_stages.stage_name, deal_stages.stage_order
order by deal_stages.stage_order, deal_stages.stage_name
