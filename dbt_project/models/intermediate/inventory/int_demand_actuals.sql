-- One row per origin, stocked product, warehouse and period ahead that is over: what was ordered in it.

with weeks as (

    select * from {{ ref('int_demand_weeks') }}

)

select
    forecast_date,
    product_id,
    warehouse_id,
    'week' as period,
    horizon,
    demanded_units
from weeks
union all
select
    forecast_date,
    product_id,
    warehouse_id,
    'four weeks' as period,
    cast(1 as bigint) as horizon,
    cast(sum(demanded_units) as decimal(18, 4)) as demanded_units
from weeks
where horizon <= 4
group by forecast_date, product_id, warehouse_id
having count(*) = 4
