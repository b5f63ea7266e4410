-- One row per day, 30 days up to the business date, all accounts in the reporting currency.

select
    day,
    sum(inflow_reporting) as inflow,
    sum(outflow_reporting) as outflow,
    sum(closing_reporting) as closing
from cash_flow.fct_cash_daily
where day between $as_of - 29 and $as_of
group by day
order by day
