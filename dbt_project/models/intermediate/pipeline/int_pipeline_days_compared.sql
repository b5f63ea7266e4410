-- One row per open deal and day, beside the day before and the day after on which it was open.

with days as (

    select
        daily.day,
        daily.deal_id,
        coalesce(daily.owner_id, 'none') as owner_id,
        deals.segment,
        {{ month_of('coalesce(daily.expected_close_date, ' ~ open_end() ~ ')') }} as close_month,
        daily.currency_code,
        coalesce(daily.amount, 0) as amount,
        coalesce(daily.amount_reporting, 0) as amount_reporting
    from {{ ref('fct_pipeline_daily') }} as daily
    inner join {{ ref('int_deals') }} as deals on daily.deal_id = deals.deal_id

),

neighboured as (

    select
        *,
        lag(day) over deal_days as day_before,
        lag(owner_id) over deal_days as owner_before,
        lag(close_month) over deal_days as month_before,
        lag(amount) over deal_days as amount_before,
        lag(amount_reporting) over deal_days as reporting_before,
        lead(day) over deal_days as next_day
    from days
    window deal_days as (partition by deal_id order by day)

)

select * from neighboured
