-- One row per origin, bank account, category and direction of cash that no document announces: when, and how much.

{% set days_back = 400 %}
{% set quarter_days = 91 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

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
        case when count(*) >= 6 then sum(case when recency between 4 and 6 then amount_reporting end) end
            as earlier_amounts,
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

)

select
    series.forecast_date,
    series.account_id,
    series.category,
    series.direction,
    series.is_dated,
    series.last_month_number,
    greatest(cast(round(coalesce(series.months_apart, 1)) as bigint), 1) as months_apart,
    cast(series.first_day as bigint) as first_day,
    cast(series.last_day as bigint) as last_day,
    coalesce(rolled.is_paid_after, true) as is_paid_after,
    -- Wages and taxes grow with the company: half of the growth from the three before to the last three goes on, as a
    -- root. More than a quarter either way is no growth.
    cast({{ round_double("cast(series.last_amounts as double) / series.last_postings * sqrt(greatest(least(
            coalesce(cast(series.last_amounts as double) / nullif(cast(series.earlier_amounts as double), 0), 1), 1.25
        ), 0.8))", 2) }} as decimal(18, 2)) as next_amount_reporting,
    {{ divide_money('series.quarter_amount', quarter_days / 7) }} as week_amount_reporting
from series
left join rolled
    on
        series.forecast_date = rolled.forecast_date
        and series.account_id = rolled.account_id
        and series.category = rolled.category
        and series.direction = rolled.direction
