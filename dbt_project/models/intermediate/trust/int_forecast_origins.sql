-- One row per day from which every forecast is made: the as-of day, and the same weekday of the weeks before it.

{% set weeks = var('forecast_origin_weeks') %}

with days as (

    select {{ date_rows(days_after(as_of_date(), -7 * weeks), as_of_date()) }} as forecast_date

)

select
    forecast_date,
    forecast_date = {{ as_of_date() }} as is_current

from days
where {{ days_between('forecast_date', as_of_date()) }} % 7 = 0
