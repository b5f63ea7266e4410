-- One row per open deal and span of days on which it was worth the same, beside the one before and the one after.

with spans as (

    select * from {{ ref('fct_pipeline_span') }}

),

deals as (

    select * from {{ ref('int_deals') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

-- A deal in another currency changes its worth with each rate.
worths as (

    select
        spans.deal_id,
        greatest(spans.valid_from_date, coalesce(rates.valid_from_date, spans.valid_from_date)) as valid_from_date,
        least(spans.valid_to_date, coalesce(rates.valid_to_date, spans.valid_to_date)) as valid_to_date,
        coalesce(spans.owner_id, 'none') as owner_id,
        deals.segment,
        {{ month_of('coalesce(spans.expected_close_date, ' ~ open_end() ~ ')') }} as close_month,
        coalesce(spans.amount, 0) as amount,
        rates.units_per_reporting,
        coalesce({{ divide_money('spans.amount', 'rates.units_per_reporting') }}, 0) as amount_reporting
    from spans
    inner join deals on spans.deal_id = deals.deal_id
    left join rates
        on
            spans.currency_code = rates.currency_code
            and spans.valid_from_date < rates.valid_to_date
            and spans.valid_to_date > rates.valid_from_date

)

select
    *,
    lag(valid_to_date) over deal_spans as ended_before,
    lag(owner_id) over deal_spans as owner_before,
    lag(close_month) over deal_spans as month_before,
    lag(amount) over deal_spans as amount_before,
    lag(amount_reporting) over deal_spans as reporting_before,
    lead(valid_from_date) over deal_spans as next_from_date
from worths
where valid_from_date <= {{ as_of_date() }}
window deal_spans as (partition by deal_id order by valid_from_date)
