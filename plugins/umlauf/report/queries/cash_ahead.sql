-- One row per week of the forecast: what comes in and goes out, and the balance at its end (docs/decisions/0040).

select
    week_to_date as day,
    sum(inflow_reporting) as inflow,
    sum(outflow_reporting) as outflow,
    max(p10_closing_reporting) as p10,
    max(p50_closing_reporting) as p50,
    max(p90_closing_reporting) as p90
from cash_flow.fct_cash_forecast
group by week_to_date
order by week_to_date
