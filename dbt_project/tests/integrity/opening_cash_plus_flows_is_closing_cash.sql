-- Every account and day: opening + inflow - outflow = closing. That closing is the bank's own is trust.parity's.
select
    account_id,
    currency_code,
    day,
    opening,
    inflow,
    outflow,
    closing
from {{ ref('fct_cash_daily') }}
where opening + inflow - outflow <> closing
