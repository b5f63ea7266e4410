-- One row per origin, bank account, category and day ahead on which cash is expected that no document announces.

{% set days_back = 400 %}
{#- What comes on more days than this is spread over all weeks alike, by the mean of the last quarter. -#}
{% set quarter_days = 91 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

weeks as (

    select * from {{ ref('int_forecast_weeks') }}

),

bank_days as (

    select * from {{ ref('int_bank_days') }}

),

postings as (

    select
        origins.forecast_date,
        daily.account_id,
        daily.category,
        daily.direction,
        daily.day,
        daily.amount_reporting,
        {{ month_of('daily.day') }} as month_start_date,
        extract(day from daily.day) as day_of_month,
        extract(year from daily.day) * 12 + extract(month from daily.day) as month_number,
        row_number() over (
            partition by origins.forecast_date, daily.account_id, daily.category, daily.direction
            order by daily.day desc
        ) as recency
    from origins
    inner join {{ ref('int_cash_days') }} as daily
        on
            origins.forecast_date >= daily.day
            and {{ days_after('origins.forecast_date', -days_back) }} < daily.day
    where daily.forecast_by = 'calendar'

),

series as (

    select
        forecast_date,
        account_id,
        category,
        direction,
        count(*) = count(distinct month_start_date) and count(*) >= 2 as is_dated,
        max(month_number) as last_month_number,
        -- The shortest way between the last few: one month, a quarter, a year.
        (max(month_number) - min(case when recency <= 3 then month_number end))
        / nullif(least(count(*), 3) - 1, 0) as months_apart,
        min(case when recency <= 6 then day_of_month end) as first_day,
        max(case when recency <= 6 then day_of_month end) as last_day,
        sum(case when recency <= 3 then amount_reporting end) as last_amounts,
        least(count(*), 3) as last_postings,
        coalesce(sum(
            case when day > {{ days_after('forecast_date', -quarter_days) }} then amount_reporting end
        ), 0) as quarter_amount
    from postings
    group by forecast_date, account_id, category, direction

),

rolled as (

    -- A day that is no bank day: is the posting on the bank day after it, or before it? As most of the last ones were.
    select
        series.forecast_date,
        series.account_id,
        series.category,
        series.direction,
        series.last_month_number,
        series.months_apart,
        series.first_day,
        series.last_day,
        series.last_amounts,
        series.last_postings,
        sum(
            case when after_days.bank_day_after = postings.day then 1 else 0 end
            - case when before_days.bank_day_before = postings.day then 1 else 0 end
        ) >= 0 as is_paid_after
    from series
    inner join postings
        on
            series.forecast_date = postings.forecast_date
            and series.account_id = postings.account_id
            and series.category = postings.category
            and series.direction = postings.direction
    inner join bank_days as after_days
        on {{ days_later('postings.month_start_date', 'series.first_day - 1') }} = after_days.day
    inner join bank_days as before_days
        on {{ days_later('postings.month_start_date', 'series.last_day - 1') }} = before_days.day
    where
        series.is_dated
        and postings.recency <= 6
    group by all

),

ahead as (

    select {{ number_rows(0, 4) }} as months_ahead

),

months as (

    select
        rolled.forecast_date,
        rolled.account_id,
        rolled.category,
        rolled.direction,
        rolled.months_apart,
        rolled.first_day,
        rolled.last_day,
        rolled.last_amounts,
        rolled.last_postings,
        rolled.is_paid_after,
        cast({{ month_of('rolled.forecast_date') }} + ahead.months_ahead * interval '1' month as date) as month_start_date,
        extract(year from rolled.forecast_date) * 12
        + extract(month from rolled.forecast_date)
        + ahead.months_ahead
        - rolled.last_month_number as months_since
    from rolled
    cross join ahead

),

dated as (

    select
        months.forecast_date,
        months.account_id,
        months.category,
        months.direction,
        case when months.is_paid_after then after_days.bank_day_after else before_days.bank_day_before end
            as expected_date,
        {{ divide_money('months.last_amounts', 'months.last_postings') }} as amount_reporting
    from months
    inner join bank_days as after_days
        on {{ days_later('months.month_start_date', 'months.first_day - 1') }} = after_days.day
    inner join bank_days as before_days
        on {{ days_later('months.month_start_date', 'months.last_day - 1') }} = before_days.day
    where
        months.months_since > 0
        and months.months_since % greatest(cast(round(months.months_apart) as bigint), 1) = 0

),

spread as (

    select
        series.forecast_date,
        series.account_id,
        series.category,
        series.direction,
        weeks.week_to_date as expected_date,
        {{ divide_money('series.quarter_amount', quarter_days / 7) }} as amount_reporting
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
