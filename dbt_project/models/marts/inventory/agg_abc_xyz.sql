-- One row per stocked product: its class by value (ABC) and by how evenly it sells (XYZ).

{% set weeks_back = 26 %}

with classes as (

    select * from {{ ref('int_abc_classes') }}
    where is_current

),

weeks as (

    select {{ number_rows(0, weeks_back - 1) }} as week_number

),

first_days as (

    select
        product_id,
        min(first_date) as first_date
    from {{ ref('int_demand_places') }}
    group by product_id

),

demand as (

    select
        product_id,
        cast(floor({{ days_between('day', as_of_date()) }} / 7.0) as bigint) as week_number,
        sum(demanded_units) as units
    from {{ ref('int_demand') }}
    group by product_id, cast(floor({{ days_between('day', as_of_date()) }} / 7.0) as bigint)

),

spread as (

    -- Weeks without an order are weeks of demand 0, from the first in which the product could be had.
    select
        first_days.product_id,
        count(*) as weeks,
        sum(coalesce(demand.units, 0)) as total,
        sum(cast(coalesce(demand.units, 0) * coalesce(demand.units, 0) as decimal(28, 8))) as squares
    from first_days
    inner join weeks on {{ days_later(as_of_date(), '-7 * weeks.week_number - 6') }} >= first_days.first_date
    left join demand
        on
            first_days.product_id = demand.product_id
            and weeks.week_number = demand.week_number
    group by first_days.product_id

),

varied as (

    select
        *,
        {{ ratio(deviation_of('total', 'squares', 'weeks'), mean_of('total', 'weeks')) }} as variation_ratio
    from spread

)

select
    classes.product_id,
    classes.abc_class,
    coalesce(limits.xyz_class, 'none') as xyz_class,
    classes.year_units,
    classes.consumption_value,
    classes.value_ratio,
    cast(coalesce(varied.weeks, 0) as bigint) as weeks_seen,
    varied.variation_ratio

from classes
left join varied on classes.product_id = varied.product_id
left join {{ ref('xyz_limits') }} as limits
    on
        varied.variation_ratio >= limits.from_variation
        and varied.variation_ratio < limits.to_variation
