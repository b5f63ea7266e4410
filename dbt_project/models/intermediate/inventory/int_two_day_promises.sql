-- One row per origin, stocked product and warehouse: the probability that its next 30 days are served within two days.

{#- Fewer months of the past than this tell nothing of a tenth. -#}
{% set fewest_months = 30 %}
{#- A supplier is within two days when nine in ten receipts were. -#}
{% set quick_ratio = 0.9 %}

with needs as (

    select
        needs.*,
        covers.company_id,
        covers.on_hand_units,
        covers.outgoing_units,
        covers.soon_units,
        covers.cover_units,
        covers.later_units,
        covers.covered_units,
        greatest(needs.expected_units, 1) as unit_of_need,
        {{ ratio('covers.cover_units', 'greatest(needs.expected_units, 1)') }} as cover_times
    from {{ ref('int_month_needs') }} as needs
    inner join {{ ref('int_two_day_covers') }} as covers
        on
            needs.forecast_date = covers.forecast_date
            and needs.product_id = covers.product_id
            and needs.warehouse_id = covers.warehouse_id

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
        count(*) as months,
        {{ percentile('need_times', 0.1) }} as low,
        {{ percentile('need_times', 0.5) }} as middle,
        {{ percentile('need_times', 0.9) }} as high
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
    needs.forecast_date,
    needs.is_current,
    needs.company_id,
    needs.product_id,
    needs.warehouse_id,
    needs.on_hand_units,
    needs.outgoing_units,
    needs.soon_units,
    needs.cover_units,
    needs.later_units,
    needs.expected_units,
    cast(round(needs.unit_of_need * learnt.low, 4) as decimal(18, 4)) as p10_units,
    cast(round(needs.unit_of_need * learnt.middle, 4) as decimal(18, 4)) as p50_units,
    cast(round(needs.unit_of_need * learnt.high, 4) as decimal(18, 4)) as p90_units,
    cast(coalesce(learnt.months, 0) as bigint) as months_learnt_from,
    -- The month to come is one more of its kind, and may be the first that goes wrong: 1 is never promised of stock.
    cast(round(
        cast(served.months_served as double) / (learnt.months + 1)
        + (1 - cast(served.months_served as double) / (learnt.months + 1)) * coalesce(lead_times.quick_ratio, 0), 4
    ) as decimal(5, 4)) as p_two_days,
    coalesce(lead_times.quick_ratio, 0) > 0 as is_quickly_bought,
    needs.needed_units,
    needs.needed_units <= needs.covered_units as is_kept

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
