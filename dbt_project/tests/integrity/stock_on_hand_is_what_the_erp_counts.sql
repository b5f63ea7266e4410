-- Parity: the latest stock per product and warehouse against the ERP's own quants. A warning, not a stop:
-- on a live system the two are read a few seconds apart.

{{ config(severity='warn') }}

with quants as (

    select
        quants.product_id,
        locations.warehouse_id,
        sum(quants.on_hand_units) as on_hand_units
    from {{ ref('stg_odoo__stock_quant') }} as quants
    inner join {{ ref('int_locations_placed') }} as locations on quants.location_id = locations.location_id
    where locations.warehouse_id is not null
    group by quants.product_id, locations.warehouse_id

),

spans as (

    select
        product_id,
        warehouse_id,
        on_hand_units
    from {{ ref('fct_stock_span') }}
    where valid_to_date = {{ open_end() }}

)

select
    coalesce(spans.product_id, quants.product_id) as product_id,
    coalesce(spans.warehouse_id, quants.warehouse_id) as warehouse_id,
    spans.on_hand_units,
    quants.on_hand_units as erp_on_hand_units
from spans
full outer join quants
    on
        spans.product_id = quants.product_id
        and spans.warehouse_id = quants.warehouse_id
where coalesce(spans.on_hand_units, 0) <> coalesce(quants.on_hand_units, 0)
