-- One row per origin, stocked product, warehouse and period ahead (a week, or the next four), with the interval learnt.

{#- Fewer misses than this tell nothing of a tenth. -#}
{% set fewest_misses = 30 %}
{#- A deal comes whole or not at all: of its expected units so much moves the middle of what may come. -#}
{% set deal_share = 0.5 %}

with made as (

    select
        forecast_date,
        product_id,
        warehouse_id,
        'week' as period,
        horizon,
        week_from_date as target_from_date,
        week_to_date as target_to_date,
        base_units,
        cast(open_deal_units + new_deal_units as decimal(18, 4)) as deal_units,
        last_value_units
    from {{ ref('int_demand_forecast_made') }}
    union all
    select
        forecast_date,
        product_id,
        warehouse_id,
        'four weeks' as period,
        cast(1 as bigint) as horizon,
        min(week_from_date) as target_from_date,
        max(week_to_date) as target_to_date,
        cast(sum(base_units) as decimal(18, 4)) as base_units,
        cast(sum(open_deal_units + new_deal_units) as decimal(18, 4)) as deal_units,
        cast(sum(last_value_units) as decimal(18, 4)) as last_value_units
    from {{ ref('int_demand_forecast_made') }}
    where horizon <= 4
    group by forecast_date, product_id, warehouse_id

),

sized as (

    select
        *,
        cast(base_units + deal_units as decimal(18, 4)) as expected_units,
        cast(base_units + deal_units * {{ deal_share }} as decimal(18, 4)) as central_units,
        {{ demand_size('base_units + deal_units') }} as size_class,
        case when horizon <= 4 then 'near' else 'far' end as distance
    from made

),

actuals as (

    select * from {{ ref('int_demand_actuals') }}

),

misses as (

    -- How many times the central was ordered: a small seller may sell nothing, or ten times its mean.
    select
        sized.forecast_date,
        sized.target_to_date,
        sized.period,
        sized.distance,
        sized.size_class,
        cast(actuals.demanded_units as double) / cast(sized.central_units as double) as times
    from sized
    inner join actuals
        on
            sized.forecast_date = actuals.forecast_date
            and sized.product_id = actuals.product_id
            and sized.warehouse_id = actuals.warehouse_id
            and sized.period = actuals.period
            and sized.horizon = actuals.horizon
    where sized.central_units > 0

),

learnt as (

    select
        origins.forecast_date,
        misses.period,
        misses.distance,
        misses.size_class,
        {{ percentile('misses.times', 0.1) }} as low,
        {{ percentile('misses.times', 0.5) }} as middle,
        {{ percentile('misses.times', 0.9) }} as high
    from {{ ref('int_forecast_origins') }} as origins
    inner join misses
        on
            origins.forecast_date >= misses.target_to_date
            and {{ days_after('origins.forecast_date', -demand_learnt_days()) }} < misses.target_to_date
    group by origins.forecast_date, misses.period, misses.distance, misses.size_class
    having count(*) >= {{ fewest_misses }}

)

select
    sized.forecast_date,
    sized.forecast_date = {{ as_of_date() }} as is_current,
    sized.product_id,
    sized.warehouse_id,
    sized.period,
    sized.horizon,
    sized.target_from_date,
    sized.target_to_date,
    sized.base_units,
    sized.deal_units,
    sized.expected_units,
    sized.central_units,
    sized.size_class,
    cast(round(sized.central_units * cast(learnt.low as decimal(12, 6)), 4) as decimal(18, 4)) as p10_units,
    coalesce(
        cast(round(sized.central_units * cast(learnt.middle as decimal(12, 6)), 4) as decimal(18, 4)),
        sized.expected_units
    ) as p50_units,
    cast(round(sized.central_units * cast(learnt.high as decimal(12, 6)), 4) as decimal(18, 4)) as p90_units,
    sized.last_value_units

from sized
left join learnt
    on
        sized.forecast_date = learnt.forecast_date
        and sized.period = learnt.period
        and sized.distance = learnt.distance
        and sized.size_class = learnt.size_class
