-- One row per origin and deal that was closed at the end of it.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

closings as (

    select * from {{ ref('int_deal_stages_entered') }}
    where is_closed

)

select
    origins.forecast_date,
    closings.deal_id,
    closings.entered_date as closed_date,
    closings.is_won

from origins
inner join closings
    on
        closings.entered_date <= origins.forecast_date
        -- Reopened since: as of the origin it was closed all the same, if it was reopened later.
        and coalesce(closings.left_date, {{ open_end() }}) > origins.forecast_date
qualify row_number() over (
    partition by origins.forecast_date, closings.deal_id order by closings.stage_number desc
) = 1
