-- On the as-of day cover without what comes soon is on hand less outgoing of fct_stock_daily, warehouse by warehouse.

with promised as (

    select
        warehouse_id,
        sum(on_hand_units) as on_hand_units,
        sum(cover_units - soon_units) as free_units
    from {{ ref('int_two_day_covers') }}
    where is_current
    group by warehouse_id

),

stock as (

    select
        stock.warehouse_id,
        sum(stock.on_hand_units) as on_hand_units,
        sum(stock.on_hand_units - stock.outgoing_units) as free_units
    from {{ ref('fct_stock_daily') }} as stock
    inner join {{ ref('int_demand_places') }} as places
        on
            stock.product_id = places.product_id
            and stock.warehouse_id = places.warehouse_id
    where stock.day = {{ as_of_date() }}
    group by stock.warehouse_id

)

select
    promised.warehouse_id,
    promised.on_hand_units,
    stock.on_hand_units as stock_on_hand_units,
    promised.free_units,
    stock.free_units as stock_free_units
from promised
full outer join stock on promised.warehouse_id = stock.warehouse_id
where
    coalesce(promised.on_hand_units, 0) <> coalesce(stock.on_hand_units, 0)
    or coalesce(promised.free_units, 0) <> coalesce(stock.free_units, 0)
