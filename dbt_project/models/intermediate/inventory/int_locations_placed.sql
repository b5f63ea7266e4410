-- One row per stock location, with the warehouse whose stock it holds; null where goods are not ours.

with locations as (

    select * from {{ ref('stg_odoo__stock_location') }}

),

owned as (

    select
        location_id,
        location_name,
        location_kind,
        warehouse_id,
        company_id,
        -- Odoo 19's own rule for what counts as the company's stock and carries value.
        location_kind = 'internal' or (location_kind = 'transit' and company_id is not null) as is_owned

    from locations

)

select
    location_id,
    location_name,
    case when is_owned then 'own' else location_kind end as place_kind,
    company_id,
    is_owned,
    -- Goods on the road between warehouses, or in no warehouse, stay countable in a place of their own.
    case when is_owned then coalesce(warehouse_id, 'transit-' || coalesce(company_id, 'shared')) end
        as warehouse_id
from owned
