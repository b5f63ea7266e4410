-- One row per origin, close month ahead and segment: what will have been won in it, with the interval learnt by then.

{#- Fewer misses than this tell nothing of a tenth. -#}
{% set fewest_misses = 10 %}
{#- A company changes: what is longer ago teaches nothing. -#}
{% set learnt_days = 182 %}

with made as (

    select
        *,
        likely_amount - won_amount as to_come,
        cast(close_month + interval '1' month as date) as next_month
    from {{ ref('int_pipeline_forecast_made') }}

),

actuals as (

    select * from {{ ref('int_pipeline_actuals') }}

),

misses as (

    -- In roots of what was to come: twice as many deals even each other out, and miss by less than twice as much.
    select
        made.forecast_date,
        made.next_month,
        abs(cast(actuals.won_amount - made.likely_amount as double)) / sqrt(cast(made.to_come as double)) as miss
    from made
    inner join actuals
        on
            made.close_month = actuals.close_month
            and made.segment = actuals.segment
    -- Of next to nothing expected, a miss is any number of roots.
    where made.to_come >= 1

),

learnt as (

    -- Eight of ten misses were no larger, in months that were over by then.
    select
        origins.forecast_date,
        {{ percentile('misses.miss', 0.8) }} as miss
    from {{ ref('int_forecast_origins') }} as origins
    inner join misses
        on
            {{ days_after('origins.forecast_date', 1) }} >= misses.next_month
            and {{ days_after('origins.forecast_date', -learnt_days) }} <= misses.forecast_date
    group by origins.forecast_date
    having count(*) >= {{ fewest_misses }}

),

ranged as (

    select
        made.*,
        cast({{ round_double("
            cast(learnt.miss as double) * sqrt(cast(made.to_come as double))
        ", 2) }} as decimal(18, 2))
            as range_amount
    from made
    left join learnt on made.forecast_date = learnt.forecast_date

)

select
    forecast_date,
    is_current,
    horizon,
    close_month,
    segment,
    won_amount,
    crm_amount,
    expected_amount,
    -- What is won is won; of nothing and NULL, greatest would take nothing.
    case
        when range_amount is not null
            then cast(greatest(likely_amount - range_amount, won_amount) as decimal(18, 2))
    end as p10_amount,
    likely_amount as p50_amount,
    cast(likely_amount + range_amount as decimal(18, 2)) as p90_amount
from ranged
