-- One row per origin and class of awaited receipts: how many such receipts came within two days, measured by then.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

sights as (

    select
        forecast_date as sight_date,
        {{ days_after('forecast_date', 2) }} as looked_date,
        due_class,
        case when arrived_date <= {{ days_after('forecast_date', 2) }} then 1 else 0 end as arrived
    from {{ ref('int_receipts_awaited') }}

)

select
    origins.forecast_date,
    sights.due_class,
    cast(count(*) as bigint) as seen,
    cast(sum(sights.arrived) as bigint) as arrived,
    {{ ratio('sum(sights.arrived)', 'count(*)') }} as arrived_ratio

from origins
-- Only sights whose two days were over by then.
inner join sights on origins.forecast_date >= sights.looked_date
group by origins.forecast_date, sights.due_class
