-- One row per week and certainty: what it adds to the balance, the most certain first.

select
    week_to_date as day,
    tier,
    net_reporting as amount
from cash_flow.fct_cash_forecast
where tier != 'bank_balance'
order by tier_order, week_to_date
