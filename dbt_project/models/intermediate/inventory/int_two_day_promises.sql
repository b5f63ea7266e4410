-- One row per origin, stocked product and warehouse: how likely its next four weeks are served within two days.

{#- Fewer months of the past than this tell nothing of a tenth. -#}
{% set fewest_months = 30 %}
{#- A supplier is within two days when nine in ten receipts were. -#}
{% set quick_ratio = 0.9 %}

with forecasts as (

    select * from {{ ref('int_demand_forecasts') }}
    where period = 'four weeks'

),

actuals as (

    select * from {{ ref('int_demand_actuals') }}
    where period = 'four weeks'

),

covers as (

    select * from {{ ref('int_two_day_covers') }}

),

needs as (

    select
        covers.*,
        forecasts.target_to_date,
        forecasts.expected_units,
        forecasts.central_units,
        forecasts.p10_units,
        forecasts.p50_units,
        forecasts.p90_units,
        forecasts.size_class,
        {{ times_expected('covers.cover_units', 'forecasts.central_units') }} as cover_times
    from covers
    inner join forecasts
        on
            covers.forecast_date = forecasts.forecast_date
            and covers.product_id = forecasts.product_id
            and covers.warehouse_id = forecasts.warehouse_id

),

months as (

    select * from {{ ref('int_months_experienced') }}

),

lead_times as (

    select
        forecast_date,
        product_id,
        case when within_two_days_ratio >= {{ quick_ratio }} then within_two_days_ratio else 0 end as quick_ratio
    from {{ ref('int_lead_times') }}

),

learnt as (

    select
        forecast_date,
        size_class,
        count(*) as months
    from months
    group by forecast_date, size_class
    having count(*) >= {{ fewest_months }}

),

lined_up as (

    select
        forecast_date,
        size_class,
        need_times as times,
        1 as is_month,
        null as product_id,
        null as warehouse_id
    from months
    union all
    select
        forecast_date,
        size_class,
        cover_times as times,
        0 as is_month,
        product_id,
        warehouse_id
    from needs

),

served as (

    -- Months the cover would have been enough for stand before it, those it just meets included.
    select
        forecast_date,
        product_id,
        warehouse_id,
        is_month,
        sum(is_month) over (
            partition by forecast_date, size_class
            order by times asc, is_month desc
            rows between unbounded preceding and current row
        ) as months_served
    from lined_up

)

select
    needs.*,
    cast(coalesce(learnt.months, 0) as bigint) as months_learnt_from,
    -- The month to come is one more of its kind, and may be the first that goes wrong: 1 is never promised of stock.
    cast({{ round_double("cast(served.months_served as double) / (learnt.months + 1)
        + (1 - cast(served.months_served as double) / (learnt.months + 1)) * coalesce(lead_times.quick_ratio, 0)", 4) }} as decimal(5, 4)) as p_two_days,
    coalesce(lead_times.quick_ratio, 0) > 0 as is_quickly_bought,
    actuals.demanded_units as needed_units,
    actuals.demanded_units <= needs.covered_units as is_kept

from needs
inner join served
    on
        needs.forecast_date = served.forecast_date
        and needs.product_id = served.product_id
        and needs.warehouse_id = served.warehouse_id
        and served.is_month = 0
left join learnt
    on
        needs.forecast_date = learnt.forecast_date
        and needs.size_class = learnt.size_class
left join lead_times
    on
        needs.forecast_date = lead_times.forecast_date
        and needs.product_id = lead_times.product_id
left join actuals
    on
        needs.forecast_date = actuals.forecast_date
        and needs.product_id = actuals.product_id
        and needs.warehouse_id = actuals.warehouse_id
