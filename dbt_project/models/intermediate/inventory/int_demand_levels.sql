-- One row per origin, stocked product and warehouse: units a day that customers order there without a deal.

{#- Of a product's level as much is shared among its warehouses as all goods are; the rest is each one's own. -#}
{% set shared = 0.7 %}
{% set days_back = 182 %}

with moments as (

    -- A moment looks back upon the days before it: the origin's own day is over.
    select
        places.product_id,
        places.warehouse_id,
        {{ days_after('origins.forecast_date', 1) }} as moment
    from {{ ref('int_forecast_origins') }} as origins
    inner join {{ ref('int_demand_places') }} as places
        on origins.forecast_date >= places.first_date

),

base as (

    {{ trailing_demand('moments', days_back, 'base_units') }}

),

deals as (

    {{ trailing_demand('moments', days_back, 'deal_units') }}

),

joined as (

    select
        {{ days_after('base.moment', -1) }} as forecast_date,
        base.product_id,
        base.warehouse_id,
        base.free_days,
        base.deviation_units,
        -- Never in stock: what was asked for nevertheless is not known to be usual.
        cast(coalesce(base.mean_units, 0) as double) as own_units,
        cast(coalesce(deals.mean_units, 0) as double) as deal_units
    from base
    inner join deals
        on
            base.product_id = deals.product_id
            and base.warehouse_id = deals.warehouse_id
            and base.moment = deals.moment

),

rounded as (

    -- Sums of rounded decimals: the order of rows must not show.
    select
        *,
        cast({{ round_double("own_units", 6) }} as decimal(18, 6)) as units
    from joined

),

summed as (

    select
        *,
        cast(sum(units) over (partition by forecast_date, product_id) as double) as product_units,
        cast(sum(units) over (partition by forecast_date, warehouse_id) as double) as warehouse_units,
        cast(sum(units) over (partition by forecast_date) as double) as all_units
    from rounded

)

select
    forecast_date,
    product_id,
    warehouse_id,
    free_days,
    units as own_units,
    deviation_units,
    cast({{ round_double("own_units * (1 - " ~ shared ~ ")
        + coalesce(product_units * warehouse_units / nullif(all_units, 0), 0) * " ~ shared, 6) }} as decimal(18, 6)) as base_units,
    cast({{ round_double("deal_units", 6) }} as decimal(18, 6)) as deal_units
from summed
