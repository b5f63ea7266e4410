-- One row per day, 90 days up to the business date; a day without open deals is 0.

select
    dates.day,
    coalesce(sum(pipeline.amount_reporting), 0) as amount,
    coalesce(sum(pipeline.weighted_amount_reporting), 0) as weighted
from core.dim_date as dates
left join pipeline.fct_pipeline_daily as pipeline on dates.day = pipeline.day
where dates.day between $as_of - 89 and $as_of
group by dates.day
order by dates.day
