-- Movements up to the end of a day, per owner, segment and close month, are the pipeline of that day: to the cent.

with moved as (

    select
        day,
        owner_id,
        segment,
        close_month,
        sum(amount_reporting) as amount
    from {{ ref('fct_pipeline_movement') }}
    group by day, owner_id, segment, close_month

),

open_deals as (

    select
        daily.day,
        coalesce(daily.owner_id, 'none') as owner_id,
        deals.segment,
        {{ month_of('coalesce(daily.expected_close_date, ' ~ open_end() ~ ')') }} as close_month,
        coalesce(daily.amount_reporting, 0) as amount
    from {{ ref('fct_pipeline_daily') }} as daily
    inner join {{ ref('int_deals') }} as deals on daily.deal_id = deals.deal_id

),

stood as (

    select
        day,
        owner_id,
        segment,
        close_month,
        sum(amount) as amount
    from open_deals
    group by day, owner_id, segment, close_month

),

-- The change of a day is the pipeline of that day less the day before's, also where one of them is empty.
changes as (

    select
        day,
        owner_id,
        segment,
        close_month,
        amount
    from stood
    union all
    select
        {{ days_after('day', 1) }} as day,
        owner_id,
        segment,
        close_month,
        -amount as amount
    from stood
    where day < {{ as_of_date() }}
    union all
    select
        day,
        owner_id,
        segment,
        close_month,
        -amount as amount
    from moved

)

select
    day,
    owner_id,
    segment,
    close_month,
    sum(amount) as unexplained
from changes
group by day, owner_id, segment, close_month
having sum(amount) <> 0
