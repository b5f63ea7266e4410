-- One row per published forecast: as it was published, whatever is known by now.

with landed as (

    -- What was published first for a moment stays: a forced rebuild of the same night changes no record.
    select {{ json_fields('payload') }} as said
    from {{ source('own', 'forecasts') }}
    qualify row_number() over (partition by record_key order by fetched_at) = 1

),

published_before as (

    select
        cast(said['known_on'] as timestamp) as known_on,
        cast(said['forecast_date'] as date) as forecast_date,
        said['forecast'] as forecast,
        said['series'] as series,
        cast(said['horizon'] as bigint) as horizon,
        cast(said['target_from_date'] as date) as target_from_date,
        cast(said['target_to_date'] as date) as target_to_date,
        cast(said['p10'] as decimal(18, 4)) as p10,
        cast(said['p50'] as decimal(18, 4)) as p50,
        cast(said['p90'] as decimal(18, 4)) as p90,
        cast(said['baseline'] as decimal(18, 4)) as baseline
    from landed
    where cast(said['known_on'] as timestamp) <= {{ known_on() }}

),

tonights as (

    select
        {{ known_on() }} as known_on,
        forecast_date,
        forecast,
        series,
        horizon,
        target_from_date,
        target_to_date,
        p10,
        p50,
        p90,
        baseline
    from {{ ref('int_forecasts') }}
    where
        is_current
        and {{ known_on() }} not in (select published_before.known_on from published_before)

)

select * from published_before
union all
select * from tonights
