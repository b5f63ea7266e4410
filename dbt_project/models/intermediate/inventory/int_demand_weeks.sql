-- One row per origin, stocked product, warehouse and week ahead that is over: what was ordered in it.

with origins as (

    select
        forecast_date,
        {{ number_rows(1, 13) }} as horizon
    from {{ ref('int_forecast_origins') }}

),

places as (

    select * from {{ ref('int_demand_places') }}

),

demand as (

    select * from {{ ref('int_demand') }}

)

select
    origins.forecast_date,
    places.product_id,
    places.warehouse_id,
    cast(origins.horizon as bigint) as horizon,
    cast(coalesce(sum(demand.demanded_units), 0) as decimal(18, 4)) as demanded_units,
    cast(coalesce(sum(demand.deal_units), 0) as decimal(18, 4)) as deal_units

from origins
inner join places on origins.forecast_date >= places.first_date
left join demand
    on
        places.product_id = demand.product_id
        and places.warehouse_id = demand.warehouse_id
        and {{ days_later('origins.forecast_date', '7 * (origins.horizon - 1)') }} < demand.day
        and {{ days_later('origins.forecast_date', '7 * origins.horizon') }} >= demand.day
where {{ days_later('origins.forecast_date', '7 * origins.horizon') }} <= {{ as_of_date() }}
group by origins.forecast_date, places.product_id, places.warehouse_id, origins.horizon
