-- Every account and day: opening + inflow - outflow = closing, and the bank's own closing where it gives one.
select
    account_id,
    currency_code,
    day,
    opening,
    inflow,
    outflow,
    closing,
    bank_closing
from {{ ref('fct_cash_daily') }}
where
    opening + inflow - outflow <> closing
    or closing <> bank_closing
