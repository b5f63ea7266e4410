-- For which product families does a euro that is tied up earn most in a year?
select
    product_family,
    sum(cash_tied_up_reporting) as cash_tied_up_reporting,
    sum(revenue_365_days_reporting) as revenue_365_days_reporting,
    sum(margin_365_days_reporting) as margin_365_days_reporting,
    round(sum(margin_365_days_reporting) / nullif(sum(cash_tied_up_reporting), 0), 4) as return_on_cash
from cash_flow.fct_cash_productivity
group by product_family
order by return_on_cash desc nulls last, product_family asc
