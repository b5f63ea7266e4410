-- One row per currency and calendar day, from the first day with anything to value to the business date.

with spans as (

    select * from {{ ref('int_fx_rate_spans') }}

),

starts as (

    -- From the first day on which anything has to be valued.
    select min(rate_date) as first_date from spans
    union all
    select min(covered_from_date) as first_date from {{ ref('int_bank_statements') }}
    union all
    select min(opened_date) as first_date from {{ ref('int_open_items') }}

),

first_dates as (

    select coalesce(min(first_date), {{ as_of_date() }}) as first_date
    from starts

),

days as (

    select {{ date_rows('first_date', as_of_date()) }} as day
    from first_dates

),

published as (

    select
        days.day,
        spans.currency_code,
        spans.units_per_reporting,
        coalesce(spans.rate_date, days.day) as rate_date,
        {{ days_between('coalesce(spans.rate_date, days.day)', 'days.day') }} as rate_age_days

    from days
    inner join spans
        on
            days.day >= spans.valid_from_date
            and days.day < spans.valid_to_date

)

select * from published
