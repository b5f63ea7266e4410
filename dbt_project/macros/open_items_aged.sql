{# Every day of every span with its age: receivables and payables age by the same rule.
   amount_reporting translates the company's book value, so that it adds up to the ledger (docs/decisions). #}
{% macro open_items_aged(spans) -%}
with spans as (

    select * from {{ spans }}

),

dates as (

    select * from {{ ref('dim_date') }}
    where day <= {{ as_of_date() }}

),

rates as (

    select * from {{ ref('fct_fx_rate_daily') }}

),

buckets as (

    select * from {{ ref('ageing_buckets') }}

),

-- A join, not a row per day made of each span: who asks for one day reads the spans of that day alone.
aged as (

    select
        spans.*,
        dates.day,
        {{ days_between('spans.due_date', 'dates.day') }} as days_overdue
    from spans
    inner join dates
        on
            spans.valid_from_date <= dates.day
            and spans.valid_to_date > dates.day

)

select
    aged.day,
    aged.item_id,
    aged.company_id,
    aged.move_id,
    aged.document_name,
    aged.document_type,
    aged.partner_id,
    aged.due_date,
    aged.days_overdue,
    buckets.ageing_bucket,
    aged.currency_code,
    aged.open_amount,
    aged.company_currency_code,
    aged.open_amount_company,
    {{ divide_money('aged.open_amount_company', 'rates.units_per_reporting') }} as open_amount_reporting

from aged
inner join buckets
    on aged.days_overdue between buckets.from_days_overdue and buckets.to_days_overdue
left join rates
    on aged.company_currency_code = rates.currency_code
    and aged.day = rates.day
{%- endmacro %}
