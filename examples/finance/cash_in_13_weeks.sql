-- How much cash will there be at the end of each of the next weeks, and how bad may it get?
-- A balance is no sum: tiers add up within a week, the closing balance is the week's own.
select
    week_from_date,
    sum(inflow_reporting) as inflow_reporting,
    sum(outflow_reporting) as outflow_reporting,
    sum(net_reporting) as net_reporting,
    max(p10_closing_reporting) as p10_closing_reporting,
    max(p50_closing_reporting) as p50_closing_reporting,
    max(p90_closing_reporting) as p90_closing_reporting
from cash_flow.fct_cash_forecast
group by week_from_date
order by week_from_date
