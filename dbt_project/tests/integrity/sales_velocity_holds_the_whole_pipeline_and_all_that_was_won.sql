-- Whatever seller a deal belonged to: open deals and amounts of a month are the pipeline's, won amounts the deals'.

with told as (

    select
        month_start_date,
        sum(open_deals) as open_deals,
        sum(opening_amount_reporting) as opening_amount,
        sum(won_amount_reporting) as won_amount
    from {{ ref('agg_sales_velocity') }}
    group by month_start_date

),

ends as (

    select
        {{ month_of('day') }} as month_start_date,
        count(*) as open_deals
    from {{ ref('fct_pipeline_daily') }}
    where day = {{ as_of_date() }} or day = last_day(day)
    group by {{ month_of('day') }}

),

begins as (

    select
        {{ days_after('day', 1) }} as month_start_date,
        sum(coalesce(amount_reporting, 0)) as opening_amount
    from {{ ref('fct_pipeline_daily') }}
    where day = last_day(day)
    group by {{ days_after('day', 1) }}

),

won as (

    select
        {{ month_of('closed_date') }} as month_start_date,
        sum(coalesce(amount_reporting, 0)) as won_amount
    from {{ ref('fct_deal') }}
    where is_won
    group by {{ month_of('closed_date') }}

)

select told.month_start_date
from told
left join ends on told.month_start_date = ends.month_start_date
left join begins on told.month_start_date = begins.month_start_date
left join won on told.month_start_date = won.month_start_date
where
    told.open_deals <> coalesce(ends.open_deals, 0)
    or told.opening_amount <> coalesce(begins.opening_amount, 0)
    or told.won_amount <> coalesce(won.won_amount, 0)
