-- One row per origin, stocked product and warehouse: what is there for orders to come, at the latest in two days.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

places as (

    select * from {{ ref('int_demand_places') }}

),

stock as (

    select * from {{ ref('fct_stock_span') }}

),

receipts as (

    select
        awaited.forecast_date,
        awaited.company_id,
        awaited.product_id,
        awaited.warehouse_id,
        sum(awaited.units) as incoming_units,
        sum(cast(round(awaited.units * coalesce(odds.arrived_ratio, 0), 4) as decimal(18, 4))) as soon_units,
        sum(case
            when awaited.arrived_date <= {{ days_after('awaited.forecast_date', 2) }} then awaited.units else 0
        end) as arrived_units,
        sum(case
            when awaited.due_date <= {{ days_after('awaited.forecast_date', 28) }} then awaited.units else 0
        end) as due_units
    from {{ ref('int_receipts_awaited') }} as awaited
    left join {{ ref('int_receipt_odds') }} as odds
        on
            awaited.forecast_date = odds.forecast_date
            and awaited.due_class = odds.due_class
    group by awaited.forecast_date, awaited.company_id, awaited.product_id, awaited.warehouse_id

)

select
    origins.forecast_date,
    origins.is_current,
    places.company_id,
    places.product_id,
    places.warehouse_id,
    cast(coalesce(stock.on_hand_units, 0) as decimal(18, 4)) as on_hand_units,
    cast(coalesce(stock.outgoing_units, 0) as decimal(18, 4)) as outgoing_units,
    cast(coalesce(receipts.soon_units, 0) as decimal(18, 4)) as soon_units,
    cast(
        coalesce(stock.on_hand_units, 0) - coalesce(stock.outgoing_units, 0) + coalesce(receipts.soon_units, 0)
        as decimal(18, 4)
    ) as cover_units,
    -- Ordered already, and due in the month: there is no need to order it again.
    cast(greatest(coalesce(receipts.due_units, 0) - coalesce(receipts.soon_units, 0), 0) as decimal(18, 4))
        as later_units,
    cast(
        coalesce(stock.on_hand_units, 0) - coalesce(stock.outgoing_units, 0) + coalesce(receipts.arrived_units, 0)
        as decimal(18, 4)
    ) as covered_units

from origins
inner join places on origins.forecast_date >= places.first_date
left join stock
    on
        places.company_id = stock.company_id
        and places.product_id = stock.product_id
        and places.warehouse_id = stock.warehouse_id
        and origins.forecast_date >= stock.valid_from_date
        and origins.forecast_date < stock.valid_to_date
left join receipts
    on
        origins.forecast_date = receipts.forecast_date
        and places.company_id = receipts.company_id
        and places.product_id = receipts.product_id
        and places.warehouse_id = receipts.warehouse_id
