-- One row per month, segment and owner: how much a day of selling brings, and how far the pipeline covers the target.

with deals as (

    select
        *,
        coalesce(owner_id, 'none') as seller_id
    from {{ ref('fct_deal') }}

),

month_ends as (

    select * from {{ ref('int_pipeline_month_ends') }}

),

cells as (

    select * from {{ ref('int_selling_months') }}

),

closed as (

    -- The year that ends with the month.
    select
        cells.month_start_date,
        cells.segment,
        cells.owner_id,
        count(case when deals.is_won then 1 end) as won,
        count(case when deals.is_lost then 1 end) as lost,
        sum(case when deals.is_won then coalesce(deals.amount_reporting, 0) end) as won_amount,
        sum(case when deals.is_won then deals.age_days end) as won_days,
        sum(case
            when deals.is_won and deals.closed_date >= cells.month_start_date then coalesce(deals.amount_reporting, 0)
        end) as won_in_month
    from cells
    inner join deals
        on
            cells.segment = deals.segment
            and cells.owner_id = deals.seller_id
            and cells.month_end_date >= deals.closed_date
            and {{ days_after('cells.month_end_date', -365) }} < deals.closed_date
    group by cells.month_start_date, cells.segment, cells.owner_id

),

targets as (

    select
        cells.month_start_date,
        cells.segment,
        cells.owner_id,
        targets.monthly_target_amount
    from cells
    inner join {{ ref('sales_targets') }} as targets
        on
            cells.segment = targets.segment
            and targets.owner_id in (cells.owner_id, 'any')
            and cells.month_start_date >= targets.from_month
            and cells.month_start_date <= targets.to_month
    qualify row_number() over (
        partition by cells.month_start_date, cells.segment, cells.owner_id
        order by case when targets.owner_id = 'any' then 1 else 0 end, targets.from_month desc
    ) = 1

)

select
    cells.month_start_date,
    cells.segment,
    cells.owner_id,
    cast(coalesce(ends.open_deals, 0) as bigint) as open_deals,
    cast(coalesce(closed.won, 0) as bigint) as won_deals,
    cast(coalesce(closed.lost, 0) as bigint) as lost_deals,
    cast(coalesce(closed.won_amount, 0) as decimal(18, 2)) as won_year_amount_reporting,
    cast(coalesce(closed.won_days, 0) as bigint) as won_year_days,
    {{ ratio('closed.won', 'closed.won + closed.lost') }} as win_ratio,
    {{ divide_money('closed.won_amount', 'closed.won') }} as mean_won_amount_reporting,
    {{ ratio('closed.won_days', 'closed.won') }} as cycle_days,
    {{ divide_money(
        'coalesce(ends.open_deals, 0) * closed.won_amount', '((closed.won + closed.lost) * nullif(closed.won_days, 0) / nullif(closed.won, 0))'
    ) }} as velocity_reporting,
    cast(coalesce(closed.won_in_month, 0) as decimal(18, 2)) as won_amount_reporting,
    cast(coalesce(begins.open_amount, 0) as decimal(18, 2)) as opening_amount_reporting,
    targets.monthly_target_amount as target_amount_reporting,
    {{ ratio('coalesce(begins.open_amount, 0)', 'targets.monthly_target_amount') }} as coverage_ratio

from cells
left join closed
    on
        cells.month_start_date = closed.month_start_date
        and cells.segment = closed.segment
        and cells.owner_id = closed.owner_id
left join month_ends as ends
    on
        cells.month_end_date = ends.day
        and cells.segment = ends.segment
        and cells.owner_id = ends.owner_id
left join month_ends as begins
    on
        {{ days_after('cells.month_start_date', -1) }} = begins.day
        and cells.segment = begins.segment
        and cells.owner_id = begins.owner_id
left join targets
    on
        cells.month_start_date = targets.month_start_date
        and cells.segment = targets.segment
        and cells.owner_id = targets.owner_id
