-- One row per supplier and month in which its orders were due: how it kept its word, and what it cost.

with lines as (

    select
        *,
        {{ month_of('promised_date') }} as month_start_date
    from {{ ref('fct_purchase_line') }}
    where promised_date <= {{ as_of_date() }}

)

select
    supplier_id,
    month_start_date,
    cast(count(*) as bigint) as lines_due,
    cast(count(case when is_otif then 1 end) as bigint) as lines_otif,
    cast(count(case when completed_date is null then 1 end) as bigint) as lines_open,
    {{ ratio('count(case when is_otif then 1 end)', 'count(*)') }} as otif_ratio,
    cast({{ percentile('lead_time_days', 0.5) }} as decimal(18, 2)) as lead_time_p50_days,
    cast({{ percentile('lead_time_days', 0.9) }} as decimal(18, 2)) as lead_time_p90_days,
    cast({{ percentile('delay_days', 0.5) }} as decimal(18, 2)) as delay_p50_days,
    cast({{ percentile('delay_days', 0.9) }} as decimal(18, 2)) as delay_p90_days,
    cast(sum(amount_reporting) as decimal(18, 2)) as spend_reporting,
    cast(sum(last_price_variance_reporting) as decimal(18, 2)) as last_price_variance_reporting,
    cast(sum(standard_price_variance_reporting) as decimal(18, 2)) as standard_price_variance_reporting,
    {{ ratio('sum(standard_price_variance_reporting)', 'sum(amount_reporting - standard_price_variance_reporting)') }}
        as price_variance_ratio

from lines
group by supplier_id, month_start_date
