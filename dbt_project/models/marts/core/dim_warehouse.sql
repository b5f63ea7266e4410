-- One row per warehouse, and per company one for goods on the road between warehouses, if it has any.

with warehouses as (

    select * from {{ ref('stg_odoo__stock_warehouse') }}

),

locations as (

    select * from {{ ref('int_locations_placed') }}

),

companies as (

    select * from {{ ref('int_companies') }}

),

transit as (

    select
        locations.warehouse_id,
        max(locations.company_id) as company_id
    from locations
    left join warehouses on locations.warehouse_id = warehouses.warehouse_id
    where locations.warehouse_id is not null and warehouses.warehouse_id is null
    group by locations.warehouse_id

),

places as (

    select
        warehouse_id,
        warehouse_code,
        warehouse_name,
        company_id,
        false as is_transit
    from warehouses

    union all

    select
        warehouse_id,
        'TRANSIT' as warehouse_code,
        'On the road, in no warehouse' as warehouse_name,
        company_id,
        true as is_transit
    from transit

)

select
    places.warehouse_id,
    places.warehouse_code,
    places.warehouse_name,
    places.is_transit,
    places.company_id,
    companies.company_name
from places
left join companies on places.company_id = companies.company_id
