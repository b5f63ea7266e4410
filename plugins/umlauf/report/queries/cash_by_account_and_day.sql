-- One row per account, currency and day, 30 days up to the business date, in the account's currency.

select account_id, currency_code, day, inflow, outflow, closing
from cash_flow.fct_cash_daily
where day between $as_of - 29 and $as_of
order by account_id, currency_code, day
