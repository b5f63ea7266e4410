-- One row per origin, stocked product, warehouse and month of the quarter before: how many times the central it needed.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

forecasts as (

    select * from {{ ref('int_demand_forecasts') }}
    where period = 'four weeks'

),

actuals as (

    select * from {{ ref('int_demand_actuals') }}
    where period = 'four weeks'

)

select
    origins.forecast_date,
    forecasts.forecast_date as month_from_date,
    forecasts.product_id,
    forecasts.warehouse_id,
    forecasts.size_class,
    {{ times_expected('actuals.demanded_units', 'forecasts.central_units') }} as need_times

from origins
inner join forecasts
    on
        origins.forecast_date >= forecasts.target_to_date
        and {{ days_after('origins.forecast_date', -demand_learnt_days()) }} < forecasts.target_to_date
inner join actuals
    on
        forecasts.forecast_date = actuals.forecast_date
        and forecasts.product_id = actuals.product_id
        and forecasts.warehouse_id = actuals.warehouse_id
