-- One row per origin and week ahead, 1 to 13: week 1 begins the day after the origin.

with origins as (

    select
        forecast_date,
        is_current,
        {{ number_rows(1, 13) }} as horizon
    from {{ ref('int_forecast_origins') }}

)

select
    forecast_date,
    is_current,
    cast(horizon as bigint) as horizon,
    {{ days_later('forecast_date', '7 * (horizon - 1) + 1') }} as week_from_date,
    {{ days_later('forecast_date', '7 * horizon') }} as week_to_date
from origins
