-- One row per month, segment and owner who had open deals in it, or closed some in the year that ends with it.

with deals as (

    select * from {{ ref('fct_deal') }}

),

month_ends as (

    select * from {{ ref('int_pipeline_month_ends') }}

),

months as (

    select distinct
        {{ month_of('dates.day') }} as month_start_date,
        least(
            {{ days_after("cast(" ~ month_of('dates.day') ~ " + interval '1' month as date)", -1) }}, {{ as_of_date() }}
        ) as month_end_date
    from {{ ref('dim_date') }} as dates
    where
        dates.day between (select min(spans.valid_from_date) from {{ ref('fct_pipeline_span') }} as spans)
        and {{ as_of_date() }}

),

-- Deals handed over since were open under their owner of that time: he may have no deal to his name now.
sellers as (

    select
        months.month_start_date,
        months.month_end_date,
        month_ends.segment,
        month_ends.owner_id
    from months
    inner join month_ends
        on month_ends.day in (months.month_end_date, {{ days_after('months.month_start_date', -1) }})

    union all

    select
        months.month_start_date,
        months.month_end_date,
        deals.segment,
        coalesce(deals.owner_id, 'none') as owner_id
    from months
    inner join deals
        on
            months.month_end_date >= deals.closed_date
            and {{ days_after('months.month_end_date', -365) }} < deals.closed_date

)

select distinct
    month_start_date,
    month_end_date,
    segment,
    owner_id
from sellers
