-- One row per origin, stocked product, warehouse and week ahead that open deals may bring demand to.

with outlook as (

    select * from {{ ref('int_deal_outlook') }}

),

units as (

    select * from {{ ref('int_deal_units') }}

),

origins as (

    select * from {{ ref('int_forecast_origins') }}

),

demand as (

    select * from {{ ref('int_demand') }}

),

lags as (

    -- Days from a win to its order.
    select
        origins.forecast_date,
        cast(
            round({{ percentile(days_between('deals.closed_date', 'orders.ordered_date'), 0.5) }}) as bigint
        ) as order_lag_days
    from origins
    inner join {{ ref('int_sale_orders') }} as orders
        on origins.forecast_date >= orders.ordered_date
    inner join {{ ref('fct_deal') }} as deals
        on
            orders.deal_id = deals.deal_id
            and orders.ordered_date >= deals.closed_date
    group by origins.forecast_date

),

places as (

    -- A deal does not say from which warehouse: as often from each as the product was in the half year before.
    select
        origins.forecast_date,
        demand.product_id,
        demand.warehouse_id,
        sum(demand.demanded_units) as units,
        sum(sum(demand.demanded_units)) over (partition by origins.forecast_date, demand.product_id) as all_units
    from origins
    inner join demand
        on
            origins.forecast_date >= demand.day
            and {{ days_after('origins.forecast_date', -182) }} < demand.day
    group by origins.forecast_date, demand.product_id, demand.warehouse_id

),

expected as (

    select
        outlook.forecast_date,
        units.product_id,
        cast(ceil(cast(
            {{ days_between('outlook.forecast_date', 'outlook.close_date') }}
            + coalesce(lags.order_lag_days, 0) as double
        ) / 7) as bigint) as horizon,
        sum(cast(units.deal_units * outlook.win_ratio as decimal(28, 10))) as fifth_units
    from outlook
    inner join units on outlook.deal_id = units.deal_id
    left join lags on outlook.forecast_date = lags.forecast_date
    group by all

)

select
    expected.forecast_date,
    expected.product_id,
    places.warehouse_id,
    expected.horizon,
    cast({{ round_double("cast(expected.fifth_units as double) / 5
        * cast(places.units as double) / cast(places.all_units as double)", 4) }} as decimal(18, 4)) as deal_units

from expected
inner join places
    on
        expected.forecast_date = places.forecast_date
        and expected.product_id = places.product_id
where
    expected.horizon between 1 and 13
    and places.all_units > 0
