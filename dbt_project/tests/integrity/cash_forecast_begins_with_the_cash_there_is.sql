-- Every week's surest tier is what the bank accounts held at the end of the as-of day.

with balance as (

    select coalesce(sum(closing_reporting), 0) as closing
    from {{ ref('fct_cash_daily') }}
    where day = {{ as_of_date() }}

)

select forecast.*
from {{ ref('fct_cash_forecast') }} as forecast
cross join balance
where
    forecast.tier = 'bank_balance'
    and forecast.closing_reporting <> balance.closing
