-- One row per origin and week ahead: how busy that week was a year before, against the half year before it.

{#- With less of a year-old half year than this, no season is known. -#}
{% set fewest_days = 70 %}

with origins as (

    select
        forecast_date,
        {{ number_rows(1, 13) }} as horizon
    from {{ ref('int_forecast_origins') }}

),

totals as (

    select
        day,
        sum(base_units) as units
    from {{ ref('int_demand') }}
    group by day

),

beginning as (

    select min(day) as first_date from totals

),

windows as (

    -- Four weeks around the week's own, 364 days before, so that weekdays meet weekdays.
    select
        origins.forecast_date,
        origins.horizon,
        {{ days_later('origins.forecast_date', '7 * (origins.horizon - 2) - 364') }} as season_from_date,
        {{ days_later('origins.forecast_date', '7 * (origins.horizon + 2) - 364') }} as season_to_date,
        greatest(
            {{ days_after('origins.forecast_date', -546) }}, {{ days_after('beginning.first_date', -1) }}
        ) as year_from_date,
        {{ days_after('origins.forecast_date', -364) }} as year_to_date
    from origins
    cross join beginning

),

counted as (

    select
        windows.forecast_date,
        windows.horizon,
        {{ days_between('windows.year_from_date', 'windows.year_to_date') }} as year_days,
        sum(case
            when totals.day > windows.season_from_date and totals.day <= windows.season_to_date then totals.units
        end) as season_units,
        sum(case
            when totals.day > windows.year_from_date and totals.day <= windows.year_to_date then totals.units
        end) as year_units
    from windows
    left join totals
        on
            windows.year_from_date < totals.day
            and {{ days_after('windows.year_to_date', 105) }} >= totals.day
    group by windows.forecast_date, windows.horizon, windows.year_from_date, windows.year_to_date

)

select
    forecast_date,
    horizon,
    cast(case
        when year_days >= {{ fewest_days }} and year_units > 0
            then {{ round_double("
                (cast(season_units as double) / 28) / (cast(year_units as double) / year_days)
            ", 6) }}
        else 1
    end as decimal(9, 6)) as season_ratio
from counted
