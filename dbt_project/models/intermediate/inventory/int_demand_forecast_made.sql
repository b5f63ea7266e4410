-- One row per origin, stocked product, warehouse and week ahead: mean demand to expect, before intervals.

with levels as (

    select * from {{ ref('int_demand_levels') }}

),

seasons as (

    select * from {{ ref('int_demand_seasons') }}

),

deals as (

    select * from {{ ref('int_deal_demand') }}

),

covered as (

    select * from {{ ref('int_deal_demand_covered') }}

),

demand as (

    select * from {{ ref('int_demand') }}

),

recent as (

    -- The naive baseline: the mean week of the last four.
    select
        levels.forecast_date,
        levels.product_id,
        levels.warehouse_id,
        sum(demand.demanded_units) as units
    from levels
    inner join demand
        on
            levels.product_id = demand.product_id
            and levels.warehouse_id = demand.warehouse_id
            and levels.forecast_date >= demand.day
            and {{ days_after('levels.forecast_date', -28) }} < demand.day
    group by levels.forecast_date, levels.product_id, levels.warehouse_id

)

select
    levels.forecast_date,
    levels.product_id,
    levels.warehouse_id,
    cast(seasons.horizon as bigint) as horizon,
    {{ days_later('levels.forecast_date', '7 * (seasons.horizon - 1) + 1') }} as week_from_date,
    {{ days_later('levels.forecast_date', '7 * seasons.horizon') }} as week_to_date,
    cast({{ round_double("
        7 * cast(levels.base_units as double) * cast(seasons.season_ratio as double)
    ", 4) }} as decimal(18, 4)) as base_units,
    cast(coalesce(deals.deal_units, 0) as decimal(18, 4)) as open_deal_units,
    cast({{ round_double("
        7 * cast(levels.deal_units as double) * (1 - cast(covered.covered_ratio as double))
    ", 4) }} as decimal(18, 4)) as new_deal_units,
    cast({{ round_double("
        cast(coalesce(recent.units, 0) as double) / 4
    ", 4) }} as decimal(18, 4)) as last_value_units

from levels
inner join seasons on levels.forecast_date = seasons.forecast_date
inner join covered
    on
        seasons.forecast_date = covered.forecast_date
        and seasons.horizon = covered.horizon
left join deals
    on
        levels.forecast_date = deals.forecast_date
        and levels.product_id = deals.product_id
        and levels.warehouse_id = deals.warehouse_id
        and seasons.horizon = deals.horizon
left join recent
    on
        levels.forecast_date = recent.forecast_date
        and levels.product_id = recent.product_id
        and levels.warehouse_id = recent.warehouse_id
