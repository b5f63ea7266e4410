-- Money in a currency without any rate is in fct_cash_daily, but in no sum of the reporting currency.

{{ config(severity='warn') }}

select
    account_id,
    currency_code,
    count(*) as days_without_rate
from {{ ref('fct_cash_daily') }}
where closing_reporting is null
group by account_id, currency_code
