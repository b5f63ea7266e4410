-- One row per close month ahead and segment: what will have been won in it, as expected at the end of the as-of day.

select
    forecast_date,
    close_month,
    segment,
    horizon,
    won_amount as won_so_far_reporting,
    crm_amount as crm_weighted_reporting,
    expected_amount as measured_weighted_reporting,
    p10_amount as p10_reporting,
    p50_amount as p50_reporting,
    p90_amount as p90_reporting

from {{ ref('int_pipeline_forecasts') }}
where is_current
