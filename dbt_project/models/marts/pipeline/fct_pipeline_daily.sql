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

-- Converted once per span and rate, not once per day.
worths as (

    select
        spans.*,
        greatest(spans.valid_from_date, coalesce(rates.valid_from_date, spans.valid_from_date)) as worth_from_date,
        least(spans.valid_to_date, coalesce(rates.valid_to_date, spans.valid_to_date)) as worth_to_date,
        {{ divide_money('spans.amount', 'rates.units_per_reporting') }} as amount_reporting
    from spans
    left join rates
        on
            spans.currency_code = rates.currency_code
            and spans.valid_from_date < rates.valid_to_date
            and spans.valid_to_date > rates.valid_from_date

),

days as (

    select
        worths.*,
        dates.day
    from worths
    inner join dates
        on
            worths.worth_from_date <= dates.day
            and worths.worth_to_date > dates.day

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
