-- One row per stocked product, warehouse and week ahead: what customers will order, as expected on the as-of day.

select
    forecast_date,
    product_id,
    warehouse_id,
    horizon as week_number,
    target_from_date as week_from_date,
    target_to_date as week_to_date,
    base_units,
    deal_units,
    expected_units,
    p10_units,
    p50_units,
    p90_units,
    last_value_units as baseline_units

from {{ ref('int_demand_forecasts') }}
where is_current and period = 'week'
