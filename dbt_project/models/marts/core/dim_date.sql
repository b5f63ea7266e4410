-- One row per calendar day, 2010 to 2040: the years the seed bank_holidays knows.

{% set fiscal_months_ahead = (13 - var('fiscal_year_start_month')) % 12 %}

with days as (

    select {{ date_rows(
        "cast('" ~ var('calendar_first_date', '2010-01-01') ~ "' as date)",
        "cast('" ~ var('calendar_last_date', '2040-12-31') ~ "' as date)"
    ) }} as day

),

parts as (

    select
        day,
        -- A week belongs to the year of its Thursday (ISO 8601).
        cast(date_trunc('week', day) as date) as week_start_date,
        {{ days_after("date_trunc('week', day)", 3) }} as thursday,
        {{ month_of('day') }} as month_start_date,
        cast(date_trunc('quarter', day) as date) as quarter_start_date,
        cast(
            date_trunc('month', day) + interval '{{ fiscal_months_ahead }}' month as date
        ) as fiscal_month_date

    from days

),

closed as (

    select
        holiday_date,
        max(case when calendar = 'DE' then 1 else 0 end) = 1 as is_holiday_de,
        max(case when calendar = 'CH' then 1 else 0 end) = 1 as is_holiday_ch,
        max(case when calendar = 'US' then 1 else 0 end) = 1 as is_holiday_us,
        max(case when calendar = 'TARGET' then 1 else 0 end) = 1 as is_holiday_target

    from {{ ref('bank_holidays') }}
    group by holiday_date

),

named as (

    select
        parts.day,
        cast(extract(year from parts.day) as integer) as calendar_year,
        cast(extract(quarter from parts.day) as integer) as calendar_quarter,
        cast(extract(month from parts.day) as integer) as calendar_month,
        cast({{ days_between('parts.week_start_date', 'parts.day') }} + 1 as integer) as iso_day_of_week,
        cast(extract(year from parts.thursday) as integer) as iso_year,
        cast(extract(week from parts.day) as integer) as iso_week,
        parts.week_start_date,
        parts.month_start_date,
        parts.quarter_start_date,
        cast(extract(year from parts.fiscal_month_date) as integer) as fiscal_year,
        cast(extract(quarter from parts.fiscal_month_date) as integer) as fiscal_quarter,
        cast(extract(month from parts.fiscal_month_date) as integer) as fiscal_month,
        extract(day from {{ days_after('parts.day', 1) }}) = 1 as is_month_end,
        {{ days_between('parts.week_start_date', 'parts.day') }} < 5 as is_weekday,
        coalesce(closed.is_holiday_de, false) as is_holiday_de,
        coalesce(closed.is_holiday_ch, false) as is_holiday_ch,
        coalesce(closed.is_holiday_us, false) as is_holiday_us,
        coalesce(closed.is_holiday_target, false) as is_holiday_target

    from parts
    left join closed
        on parts.day = closed.holiday_date

)

select
    day,
    calendar_year,
    calendar_quarter,
    calendar_month,
    iso_year,
    iso_week,
    iso_day_of_week,
    week_start_date,
    month_start_date,
    quarter_start_date,
    fiscal_year,
    fiscal_quarter,
    fiscal_month,
    is_month_end,
    is_weekday,
    is_weekday and not is_holiday_de as is_business_day_de,
    is_weekday and not is_holiday_ch as is_business_day_ch,
    is_weekday and not is_holiday_us as is_business_day_us,
    is_weekday and not is_holiday_target as is_business_day_target
from named
