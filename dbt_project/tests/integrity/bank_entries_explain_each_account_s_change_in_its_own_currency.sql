-- Per account and month, where no exchange rate can hide anything: opening + flows = closing.

select
    account_id,
    currency_code,
    month_start_date,
    sum(case when category = 'closing_balance' then -amount else amount end) as unexplained
from {{ ref('int_cash_flow_lines') }}
group by account_id, currency_code, month_start_date
having sum(case when category = 'closing_balance' then -amount else amount end) <> 0
