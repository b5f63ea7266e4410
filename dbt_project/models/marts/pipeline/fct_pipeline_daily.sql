-- One row per open deal and day, as the deal stood at the end of that day in the company's time zone.

{{ config(materialized='view') }}

with spans as (

    select * from {{ ref('fct_pipeline_span') }}

),

dates as (

    select * from {{ ref('dim_date') }}
    where day <= {{ as_of_date() }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

days as (

    select
        dates.day,
        spans.*,
        {{ divide_money('spans.amount', 'rates.units_per_reporting') }} as amount_reporting
    from spans
    inner join dates
        on
            spans.valid_from_date <= dates.day
            and spans.valid_to_date > dates.day
    left join rates
        on
            spans.currency_code = rates.currency_code
            and dates.day >= rates.valid_from_date
            and dates.day < rates.valid_to_date

)

select
    day,
    deal_id,
    stage_id,
    owner_id,
    expected_close_date,
    amount,
    currency_code,
    amount_reporting,
    win_probability_ratio,
    weighted_amount,
    {{ multiply_money('amount_reporting', 'win_probability_ratio') }} as weighted_amount_reporting
from days
