-- One row per forecast, horizon and evidence: how far forecasts missed, and how far the naive baseline did.

with published as (

    -- Of several builds of one night the last speaks: it knew most.
    select *
    from {{ ref('forecast_ledger') }}
    qualify row_number() over (
        partition by forecast, series, horizon, forecast_date order by known_on desc
    ) = 1

),

forecasts as (

    select
        'published' as evidence,
        forecast,
        series,
        forecast_date,
        horizon,
        target_from_date,
        target_to_date,
        p10,
        p50,
        p90,
        baseline
    from published
    union all
    select
        'backtest' as evidence,
        forecast,
        series,
        forecast_date,
        horizon,
        target_from_date,
        target_to_date,
        p10,
        p50,
        p90,
        baseline
    from {{ ref('int_forecasts') }}
    where
        not is_current
        and forecast_date >= {{ days_after(as_of_date(), -7 * var('forecast_scored_weeks')) }}

),

judged as (

    -- Forecasts that had too little past for an interval are left out, of both.
    select
        forecasts.evidence,
        forecasts.forecast,
        forecasts.horizon,
        forecasts.forecast_date,
        actuals.actual,
        forecasts.p50 - actuals.actual as miss,
        forecasts.baseline - actuals.actual as baseline_miss,
        case when actuals.actual between forecasts.p10 and forecasts.p90 then 1 else 0 end as is_covered
    from forecasts
    inner join {{ ref('int_forecast_actuals') }} as actuals
        on
            forecasts.forecast = actuals.forecast
            and forecasts.series = actuals.series
            and forecasts.target_from_date = actuals.target_from_date
            and forecasts.target_to_date = actuals.target_to_date
    where
        forecasts.target_to_date <= {{ as_of_date() }}
        and forecasts.p10 is not null

),

summed as (

    select
        forecast,
        evidence,
        horizon,
        cast(count(*) as bigint) as forecasts,
        min(forecast_date) as first_forecast_date,
        max(forecast_date) as last_forecast_date,
        cast(sum(abs(actual)) as decimal(38, 4)) as total,
        cast(sum(abs(miss)) as decimal(38, 4)) as missed,
        cast(sum(miss) as decimal(38, 4)) as drift,
        cast(sum(abs(baseline_miss)) as decimal(38, 4)) as baseline_missed,
        cast(sum(baseline_miss) as decimal(38, 4)) as baseline_drift,
        cast(sum(is_covered) as bigint) as covered
    from judged
    group by forecast, evidence, horizon

)

select
    forecast,
    evidence,
    horizon,
    forecasts,
    first_forecast_date,
    last_forecast_date,
    missed,
    total as actual,
    {{ ratio('missed', 'total') }} as wape_ratio,
    {{ ratio('drift', 'total') }} as bias_ratio,
    {{ ratio('covered', 'forecasts') }} as interval_coverage_ratio,
    {{ ratio('baseline_missed', 'total') }} as baseline_wape_ratio,
    {{ ratio('baseline_drift', 'total') }} as baseline_bias_ratio,
    {{ ratio('baseline_missed - missed', 'baseline_missed') }} as improvement_ratio
from summed
