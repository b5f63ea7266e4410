-- Every account and day: the opening is the closing before it plus the named gap.
with days as (

    select
        account_id,
        currency_code,
        day,
        opening,
        gap_amount,
        lag(closing) over (partition by account_id, currency_code order by day) as closing_before
    from {{ ref('fct_cash_daily') }}

)

select *
from days
where opening <> closing_before + gap_amount
