-- One row per origin, bank account, category and day ahead on which cash is expected that no document announces.

with series as (

    select * from {{ ref('int_cash_series') }}

),

weeks as (

    select * from {{ ref('int_forecast_weeks') }}

),

bank_days as (

    select * from {{ ref('int_bank_days') }}

),

ahead as (

    select {{ number_rows(0, 4) }} as months_ahead

),

months as (

    select
        series.forecast_date,
        series.account_id,
        series.category,
        series.direction,
        series.months_apart,
        series.first_day,
        series.last_day,
        series.next_amount_reporting,
        series.is_paid_after,
        cast({{ month_of('series.forecast_date') }} + ahead.months_ahead * interval '1' month as date)
            as month_start_date,
        extract(year from series.forecast_date) * 12
        + extract(month from series.forecast_date)
        + ahead.months_ahead
        - series.last_month_number as months_since
    from series
    cross join ahead
    where series.is_dated

),

dated as (

    select
        months.forecast_date,
        months.account_id,
        months.category,
        months.direction,
        case when months.is_paid_after then after_days.bank_day_after else before_days.bank_day_before end
            as expected_date,
        months.next_amount_reporting as amount_reporting
    from months
    inner join bank_days as after_days
        on {{ days_later('months.month_start_date', 'months.first_day - 1') }} = after_days.day
    inner join bank_days as before_days
        on {{ days_later('months.month_start_date', 'months.last_day - 1') }} = before_days.day
    where
        months.months_since > 0
        and months.months_since % months.months_apart = 0

),

spread as (

    select
        series.forecast_date,
        series.account_id,
        series.category,
        series.direction,
        weeks.week_to_date as expected_date,
        series.week_amount_reporting as amount_reporting
    from series
    inner join weeks on series.forecast_date = weeks.forecast_date
    where not series.is_dated

),

united as (

    select * from dated
    union all
    select * from spread

)

select
    forecast_date,
    account_id,
    category,
    direction,
    expected_date,
    amount_reporting
from united
where
    expected_date > forecast_date
    and expected_date <= {{ days_after('forecast_date', 91) }}
    and amount_reporting > 0
