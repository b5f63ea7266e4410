-- A deal in a currency nobody publishes a rate for has no amount_reporting: named here, never valued at 1.

{{ config(severity='warn') }}

select
    deal_id,
    amount,
    currency_code
from {{ ref('fct_deal') }}
where
    amount is not null
    and amount_reporting is null
