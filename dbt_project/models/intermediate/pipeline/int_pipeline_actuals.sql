-- One row per month that is over and segment: what was won in it.

with deals as (

    select * from {{ ref('fct_deal') }}
    where is_won

),

months as (

    select distinct close_month
    from {{ ref('int_pipeline_forecast_made') }}
    where cast(close_month + interval '1' month as date) <= {{ days_after(as_of_date(), 1) }}

),

segments as (

    select distinct segment from {{ ref('int_pipeline_forecast_made') }}

)

select
    months.close_month,
    segments.segment,
    cast(coalesce(sum(deals.amount_reporting), 0) as decimal(18, 2)) as won_amount

from months
cross join segments
left join deals
    on
        months.close_month = {{ month_of('deals.closed_date') }}
        and segments.segment = deals.segment
group by months.close_month, segments.segment
