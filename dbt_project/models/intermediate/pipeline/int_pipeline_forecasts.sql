-- One row per origin, close month ahead and segment: what will have been won in it, with the interval learnt by then.

{#- Fewer misses than this tell nothing of a tenth. -#}
{% set fewest_misses = 10 %}

{%- set to_come = 'made.expected_amount - made.won_amount' %}

with made as (

    select
        *,
        cast(close_month + interval '1' month as date) as next_month
    from {{ ref('int_pipeline_forecast_made') }}

),

actuals as (

    select * from {{ ref('int_pipeline_actuals') }}

),

misses as (

    -- How many times what was still expected then came: it holds what new deals add, and what old ones lose.
    select
        made.horizon,
        made.segment,
        made.next_month,
        -- Of next to nothing expected it is any number of times: a bound keeps the product a sum of money.
        least(
            cast(actuals.won_amount - made.won_amount as double)
            / cast(made.expected_amount - made.won_amount as double),
            1000
        ) as times
    from made
    inner join actuals
        on
            made.close_month = actuals.close_month
            and made.segment = actuals.segment
    where made.expected_amount > made.won_amount

),

learnt as (

    select
        made.forecast_date,
        made.horizon,
        made.segment,
        count(*) as misses,
        {{ percentile('misses.times', 0.1) }} as low,
        {{ percentile('misses.times', 0.5) }} as middle,
        {{ percentile('misses.times', 0.9) }} as high
    from made
    inner join misses
        on
            made.horizon = misses.horizon
            and made.segment = misses.segment
            -- Only months that were over by then.
            and misses.next_month <= {{ days_after('made.forecast_date', 1) }}
    group by made.forecast_date, made.horizon, made.segment
    having count(*) >= {{ fewest_misses }}

)

select
    made.forecast_date,
    made.is_current,
    made.horizon,
    made.close_month,
    made.segment,
    made.won_amount,
    made.crm_amount,
    made.expected_amount,
    cast(made.won_amount + {{ multiply_money(to_come, 'learnt.low') }} as decimal(18, 2)) as p10_amount,
    coalesce(
        cast(made.won_amount + {{ multiply_money(to_come, 'learnt.middle') }} as decimal(18, 2)), made.expected_amount
    ) as p50_amount,
    cast(made.won_amount + {{ multiply_money(to_come, 'learnt.high') }} as decimal(18, 2)) as p90_amount

from made
left join learnt
    on
        made.forecast_date = learnt.forecast_date
        and made.horizon = learnt.horizon
        and made.segment = learnt.segment
