-- One row per origin and week ahead: cash in, out and at its end, with the intervals learnt by then.

{#- Fewer misses than this tell nothing of a tenth. -#}
{% set fewest_misses = 10 %}
{#- A company changes: what is longer ago teaches nothing. -#}
{% set learnt_days = 91 %}

with made as (

    select * from {{ ref('int_cash_forecast_made') }}

),

misses as (

    -- Flows miss in shares of what was expected; a balance is no measure of how far it will be off.
    select
        made.week_to_date,
        made.horizon,
        abs(cast(actuals.inflow_reporting - made.inflow_reporting as double))
        / nullif(cast(made.inflow_reporting as double), 0) as inflow_miss,
        abs(cast(actuals.outflow_reporting - made.outflow_reporting as double))
        / nullif(cast(made.outflow_reporting as double), 0) as outflow_miss,
        abs(actuals.closing_reporting - made.closing_reporting) as closing_miss
    from made
    inner join {{ ref('int_cash_actuals') }} as actuals on made.week_to_date = actuals.week_to_date

),

learnt as (

    -- Eight of ten misses so far ahead were no larger.
    select
        origins.forecast_date,
        misses.horizon,
        {{ percentile('misses.inflow_miss', 0.8) }} as inflow_share,
        {{ percentile('misses.outflow_miss', 0.8) }} as outflow_share,
        {{ percentile('misses.closing_miss', 0.8) }} as closing_range
    from {{ ref('int_forecast_origins') }} as origins
    inner join misses
        on
            origins.forecast_date >= misses.week_to_date
            and {{ days_after('origins.forecast_date', -learnt_days) }} < misses.week_to_date
    group by origins.forecast_date, misses.horizon
    having count(*) >= {{ fewest_misses }}

),

ranged as (

    select
        made.*,
        cast({{ round_double("
            cast(made.inflow_reporting as double) * cast(learnt.inflow_share as double)
        ", 2) }} as decimal(18, 2))
            as inflow_range,
        cast({{ round_double("
            cast(made.outflow_reporting as double) * cast(learnt.outflow_share as double)
        ", 2) }} as decimal(18, 2))
            as outflow_range,
        cast({{ round_double("learnt.closing_range", 2) }} as decimal(18, 2)) as closing_range
    from made
    left join learnt
        on
            made.forecast_date = learnt.forecast_date
            and made.horizon = learnt.horizon

)

select
    forecast_date,
    is_current,
    horizon,
    week_from_date,
    week_to_date,
    balance_reporting,
    inflow_reporting,
    outflow_reporting,
    closing_reporting,
    -- Less than nothing does not come in; of nothing and NULL, greatest would take nothing.
    case when inflow_range is not null then greatest(inflow_reporting - inflow_range, 0) end as p10_inflow_reporting,
    cast(inflow_reporting + inflow_range as decimal(18, 2)) as p90_inflow_reporting,
    case when outflow_range is not null then greatest(outflow_reporting - outflow_range, 0) end
        as p10_outflow_reporting,
    cast(outflow_reporting + outflow_range as decimal(18, 2)) as p90_outflow_reporting,
    cast(closing_reporting - closing_range as decimal(18, 2)) as p10_closing_reporting,
    cast(closing_reporting + closing_range as decimal(18, 2)) as p90_closing_reporting,
    naive_inflow_reporting,
    naive_outflow_reporting,
    naive_closing_reporting
from ranged
