-- One row per origin, stocked product and warehouse: its stock position, and the day it falls to the reorder point.

with points as (

    select * from {{ ref('int_reorder_points') }}

),

stock as (

    select * from {{ ref('fct_stock_span') }}

),

weeks as (

    select
        *,
        sum(expected_units) over (
            partition by forecast_date, product_id, warehouse_id order by horizon
            rows between unbounded preceding and current row
        ) as demand_by_then
    from {{ ref('int_demand_forecasts') }}
    where period = 'week'

),

positions as (

    select
        points.*,
        coalesce(stock.on_hand_units, 0) as on_hand_units,
        coalesce(stock.incoming_units, 0) as incoming_units,
        coalesce(stock.outgoing_units, 0) as outgoing_units,
        coalesce(stock.forecast_units, 0) as position_units
    from points
    left join stock
        on
            points.product_id = stock.product_id
            and points.warehouse_id = stock.warehouse_id
            and points.forecast_date >= stock.valid_from_date
            and points.forecast_date < stock.valid_to_date

),

fallen as (

    -- The first week that ends at or below the reorder point.
    select
        positions.forecast_date,
        positions.product_id,
        positions.warehouse_id,
        weeks.horizon,
        weeks.expected_units,
        positions.position_units - positions.reorder_point_units - (weeks.demand_by_then - weeks.expected_units)
            as units_left
    from positions
    inner join weeks
        on
            positions.forecast_date = weeks.forecast_date
            and positions.product_id = weeks.product_id
            and positions.warehouse_id = weeks.warehouse_id
            and positions.position_units - positions.reorder_point_units <= weeks.demand_by_then
    qualify row_number() over (
        partition by positions.forecast_date, positions.product_id, positions.warehouse_id order by weeks.horizon
    ) = 1

)

select
    positions.*,
    case
        -- Nobody orders what nobody wants, although nothing is left of it.
        when positions.reorder_point_units = 0 and positions.position_units >= 0 and fallen.expected_units = 0 then null
        when positions.position_units <= positions.reorder_point_units then positions.forecast_date
        when fallen.expected_units > 0 then {{ days_later(
            'positions.forecast_date',
            '7 * (fallen.horizon - 1) + ceil(cast(fallen.units_left as double) * 7 / cast(fallen.expected_units as double))'
        ) }}
    end as order_by_date
from positions
left join fallen
    on
        positions.forecast_date = fallen.forecast_date
        and positions.product_id = fallen.product_id
        and positions.warehouse_id = fallen.warehouse_id
