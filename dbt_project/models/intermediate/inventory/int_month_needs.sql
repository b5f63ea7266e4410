-- One row per origin, stocked product and warehouse: what the 30 days after it may need, and what they did need.

{% set days_back = 182 %}
{% set days_ahead = 30 %}
{% set size_classes = 5 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

places as (

    select * from {{ ref('int_demand_places') }}

),

demand as (

    select * from {{ ref('int_demand') }}

),

cells as (

    select
        origins.forecast_date,
        origins.is_current,
        places.product_id,
        places.warehouse_id,
        {{ days_after('origins.forecast_date', days_ahead) }} <= {{ as_of_date() }} as is_over
    from origins
    inner join places on origins.forecast_date >= places.first_date

),

moments as (

    select
        product_id,
        warehouse_id,
        {{ days_after('forecast_date', 1) }} as moment
    from cells

),

usual as (

    {{ trailing_demand('moments', days_back) }}

),

actuals as (

    select
        cells.forecast_date,
        cells.product_id,
        cells.warehouse_id,
        sum(demand.demanded_units) as units
    from cells
    inner join demand
        on
            cells.product_id = demand.product_id
            and cells.warehouse_id = demand.warehouse_id
            and cells.forecast_date < demand.day
            and {{ days_after('cells.forecast_date', days_ahead) }} >= demand.day
    where cells.is_over
    group by cells.forecast_date, cells.product_id, cells.warehouse_id

),

expected as (

    select
        cells.*,
        cast({{ days_ahead }} * coalesce(usual.mean_units, 0) as decimal(18, 4)) as expected_units,
        case when cells.is_over then cast(coalesce(actuals.units, 0) as decimal(18, 4)) end as needed_units
    from cells
    left join usual
        on
            cells.product_id = usual.product_id
            and cells.warehouse_id = usual.warehouse_id
            and {{ days_after('cells.forecast_date', 1) }} = usual.moment
    left join actuals
        on
            cells.forecast_date = actuals.forecast_date
            and cells.product_id = actuals.product_id
            and cells.warehouse_id = actuals.warehouse_id

)

select
    *,
    case
        when expected_units > 0
            then ntile({{ size_classes }}) over (
                partition by forecast_date, expected_units > 0
                order by expected_units, product_id, warehouse_id
            )
        else 0
    end as size_class
from expected
