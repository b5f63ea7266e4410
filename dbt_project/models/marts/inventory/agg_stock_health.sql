-- One row per stocked product: how old its stock is, how fast it turns, and what it earns on the money in it.

with aged as (

    select * from {{ ref('int_stock_aged') }}

),

days as (

    select
        product_id,
        day,
        sum(value_reporting) as value_reporting
    from {{ ref('fct_stock_daily') }}
    where day > {{ days_after(as_of_date(), -365) }}
    group by product_id, day

),

held as (

    -- From the product's first day in stock: a new one is not held against the months before it.
    select
        product_id,
        cast(count(*) as bigint) as days_held,
        {{ divide_money('sum(value_reporting)', 'count(*)') }} as mean_value,
        cast(sum(case when day = {{ as_of_date() }} then value_reporting else 0 end) as decimal(18, 2)) as value_now
    from days
    group by product_id

),

moves as (

    select
        product_id,
        sum(case
            when movement in ('delivery', 'return_from_customer') and move_date > {{ days_after(as_of_date(), -365) }}
                then -value_reporting
        end) as cost_of_goods,
        max(case when movement = 'delivery' then move_date end) as last_delivered_date
    from {{ ref('fct_stock_move') }}
    where move_date <= {{ as_of_date() }}
    group by product_id

),

revenues as (

    select
        product_id,
        sum(amount_reporting) as revenue
    from {{ ref('int_revenue_lines') }}
    where day > {{ days_after(as_of_date(), -365) }} and day <= {{ as_of_date() }}
    group by product_id

)

select
    aged.product_id,
    aged.on_hand_units,
    coalesce(held.value_now, 0) as value_reporting,
    aged.age_0_90_units,
    aged.age_91_180_units,
    aged.age_181_365_units,
    aged.age_over_365_units,
    moves.last_delivered_date,
    {{ days_between('moves.last_delivered_date', as_of_date()) }} as days_since_delivery,
    aged.on_hand_units > 0 and coalesce(
        {{ days_between('moves.last_delivered_date', as_of_date()) }}, held.days_held
    ) > {{ var('dead_stock_days') }} as is_dead,
    coalesce(held.days_held, 0) as days_held,
    coalesce(held.mean_value, 0) as mean_value_reporting,
    cast(coalesce(moves.cost_of_goods, 0) as decimal(18, 2)) as cost_of_goods_reporting,
    cast(coalesce(revenues.revenue, 0) as decimal(18, 2)) as revenue_reporting,
    cast(coalesce(revenues.revenue, 0) - coalesce(moves.cost_of_goods, 0) as decimal(18, 2)) as margin_reporting,
    {{ ratio('moves.cost_of_goods', 'held.mean_value') }} as turnover_ratio,
    {{ ratio('coalesce(revenues.revenue, 0) - coalesce(moves.cost_of_goods, 0)', 'held.mean_value') }} as gmroi_ratio

from aged
left join held on aged.product_id = held.product_id
left join moves on aged.product_id = moves.product_id
left join revenues on aged.product_id = revenues.product_id
