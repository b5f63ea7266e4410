-- The exchange effect is what is left of a month. Worked out the other way, day by day, it is the balance of the day
-- before, at today's rate less at yesterday's; each line of a day may round by a cent.

with days as (

    select
        *,
        lag(closing) over account_history as closing_before,
        lag(closing_reporting) over account_history as closing_before_reporting
    from {{ ref('fct_cash_daily') }}
    window account_history as (partition by account_id, currency_code order by day)

),

revalued as (

    select
        days.account_id,
        days.currency_code,
        cast(date_trunc('month', days.day) as date) as month_start_date,
        sum(
            {{ divide_money('days.closing_before', 'rates.units_per_reporting') }} - days.closing_before_reporting
        ) as exchange_effect
    from days
    inner join {{ ref('fct_fx_rate_daily') }} as rates
        on
            days.currency_code = rates.currency_code
            and days.day = rates.day
    group by days.account_id, days.currency_code, cast(date_trunc('month', days.day) as date)

),

statement as (

    select
        account_id,
        currency_code,
        month_start_date,
        sum(case when category = 'exchange_effect' then amount_reporting else 0 end) as exchange_effect,
        0.01 * (62 + count(*) + sum(entry_count)) as tolerance
    from {{ ref('int_cash_flow_lines') }}
    group by account_id, currency_code, month_start_date

)

select
    statement.account_id,
    statement.currency_code,
    statement.month_start_date,
    statement.exchange_effect,
    revalued.exchange_effect as revaluation
from statement
inner join revalued
    on
        statement.account_id = revalued.account_id
        and statement.currency_code = revalued.currency_code
        and statement.month_start_date = revalued.month_start_date
where abs(statement.exchange_effect - coalesce(revalued.exchange_effect, 0)) > statement.tolerance
