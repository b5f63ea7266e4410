-- One row per origin, stocked product and warehouse it is sold from: safety stock and reorder point.

{% set days_back = 182 %}

with moments as (

    select
        places.product_id,
        places.warehouse_id,
        {{ days_after('origins.forecast_date', 1) }} as moment
    from {{ ref('int_forecast_origins') }} as origins
    inner join {{ ref('int_demand_places') }} as places
        on origins.forecast_date >= places.first_date

),

daily as (

    {{ trailing_demand('moments', days_back) }}

),

lead_times as (

    select * from {{ ref('int_lead_times') }}

),

classes as (

    select * from {{ ref('int_abc_classes') }}

),

levels as (

    select * from {{ ref('service_levels') }}

),

joined as (

    select
        classes.forecast_date,
        classes.is_current,
        daily.product_id,
        daily.warehouse_id,
        classes.abc_class,
        levels.service_level_ratio,
        coalesce(daily.mean_units, 0) as mean_units,
        coalesce(daily.deviation_units, 0) as deviation_units,
        lead_times.mean_days,
        lead_times.deviation_days,
        cast(levels.z_value as double) * sqrt(
            cast(lead_times.mean_days as double) * cast(coalesce(daily.deviation_units, 0) as double)
            * cast(coalesce(daily.deviation_units, 0) as double)
            + cast(coalesce(daily.mean_units, 0) as double) * cast(coalesce(daily.mean_units, 0) as double)
            * cast(lead_times.deviation_days as double) * cast(lead_times.deviation_days as double)
        ) as safety_units
    from daily
    inner join classes
        on
            daily.product_id = classes.product_id
            and daily.moment = {{ days_after('classes.forecast_date', 1) }}
    inner join levels on classes.abc_class = levels.abc_class
    -- What nobody offers has no lead time and no reorder point: it is named in fct_replenishment.
    left join lead_times
        on
            classes.forecast_date = lead_times.forecast_date
            and daily.product_id = lead_times.product_id

)

select
    forecast_date,
    is_current,
    product_id,
    warehouse_id,
    abc_class,
    service_level_ratio,
    mean_units as daily_units,
    deviation_units as daily_deviation_units,
    mean_days as lead_time_days,
    deviation_days as lead_time_deviation_days,
    cast({{ round_double("safety_units", 4) }} as decimal(18, 4)) as safety_stock_units,
    cast({{ round_double("
        cast(mean_units as double) * cast(mean_days as double) + safety_units
    ", 4) }} as decimal(18, 4)) as reorder_point_units
from joined
