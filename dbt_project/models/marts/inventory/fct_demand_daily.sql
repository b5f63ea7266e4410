-- One row per stocked product, warehouse and day, from its first stock or order there to the business date.

{{ config(materialized='view') }}

with places as (

    select * from {{ ref('int_demand_places') }}

),

dates as (

    select * from {{ ref('dim_date') }}
    where day <= {{ as_of_date() }}

),

demand as (

    select * from {{ ref('int_demand') }}

),

stockouts as (

    select * from {{ ref('int_stockouts') }}

)

select
    dates.day,
    places.company_id,
    places.product_id,
    places.warehouse_id,
    cast(coalesce(demand.demanded_units, 0) as decimal(18, 4)) as demanded_units,
    cast(coalesce(demand.deal_units, 0) as decimal(18, 4)) as deal_units,
    cast(coalesce(demand.order_lines, 0) as bigint) as order_lines,
    stockouts.product_id is not null as is_censored

from places
inner join dates on places.first_date <= dates.day
left join demand
    on
        places.product_id = demand.product_id
        and places.warehouse_id = demand.warehouse_id
        and dates.day = demand.day
left join stockouts
    on
        places.product_id = stockouts.product_id
        and places.warehouse_id = stockouts.warehouse_id
        and dates.day >= stockouts.valid_from_date
        and dates.day < stockouts.valid_to_date
