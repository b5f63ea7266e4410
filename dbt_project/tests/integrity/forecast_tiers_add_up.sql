-- The last tier's closing is the forecast itself, each tier's net is the sum of its documents, and both in every week.

with tiers as (

    select
        horizon,
        sum(net_reporting) as net,
        max_by(closing_reporting, tier_order) as last_closing,
        min_by(closing_reporting, tier_order) as first_closing,
        max(p50_closing_reporting) as week_closing
    from {{ ref('fct_cash_forecast') }}
    group by horizon

),

lines as (

    select
        horizon,
        sum(amount_reporting) as net
    from {{ ref('fct_cash_forecast_line') }}
    group by horizon

),

running as (

    select
        tiers.horizon,
        tiers.last_closing,
        tiers.week_closing,
        tiers.net,
        coalesce(lines.net, 0) as line_net,
        tiers.first_closing + sum(coalesce(lines.net, 0)) over (order by tiers.horizon) as closing_of_lines
    from tiers
    left join lines on tiers.horizon = lines.horizon

)

select *
from running
where
    last_closing <> week_closing
    or last_closing <> closing_of_lines
    or net <> line_net
