-- One row per week ahead, 1 to 13, and certainty of the cash expected in it, as seen at the end of the as-of day.

with weeks as (

    select * from {{ ref('int_cash_forecasts') }}
    where is_current

),

tiers as (

    select * from {{ ref('cash_tiers') }}

),

lines as (

    select
        horizon,
        tier,
        sum(case when direction = 'in' then amount_reporting else 0 end) as inflow,
        sum(case when direction = 'out' then -amount_reporting else 0 end) as outflow,
        count(distinct document_type || ' ' || document_id) as documents
    from {{ ref('int_cash_forecast_lines') }}
    where forecast_date = {{ as_of_date() }}
    group by horizon, tier

),

cells as (

    select
        weeks.*,
        tiers.tier,
        tiers.tier_order,
        tiers.tier_order = max(tiers.tier_order) over () as is_last_tier,
        coalesce(lines.inflow, 0) as tier_inflow,
        coalesce(lines.outflow, 0) as tier_outflow,
        coalesce(lines.documents, 0) as documents,
        sum(coalesce(lines.inflow, 0) - coalesce(lines.outflow, 0)) over (
            partition by tiers.tier order by weeks.horizon rows between unbounded preceding and current row
        ) as net_to_here
    from weeks
    cross join tiers
    left join lines
        on
            weeks.horizon = lines.horizon
            and tiers.tier = lines.tier

)

select
    forecast_date,
    horizon,
    week_from_date,
    week_to_date,
    tier,
    tier_order,
    cast(documents as bigint) as document_count,
    cast(tier_inflow as decimal(18, 2)) as inflow_reporting,
    cast(tier_outflow as decimal(18, 2)) as outflow_reporting,
    cast(tier_inflow - tier_outflow as decimal(18, 2)) as net_reporting,
    -- All weeks begin with what is in the bank; each tier adds what it brings by the end of the week.
    cast(balance_reporting + sum(net_to_here) over (
        partition by horizon order by tier_order rows between unbounded preceding and current row
    ) as decimal(18, 2)) as closing_reporting,
    -- An interval is of the whole forecast, which is the last tier's closing: misses are not known tier by tier.
    case when is_last_tier then p10_closing_reporting end as p10_closing_reporting,
    case when is_last_tier then closing_reporting end as p50_closing_reporting,
    case when is_last_tier then p90_closing_reporting end as p90_closing_reporting

from cells
