-- Every product, warehouse and day: on hand is what all moves up to that day brought and took.

with effects as (

    select
        product_id,
        warehouse_id,
        move_date,
        sum(units) as units
    from (
        select
            product_id,
            to_warehouse_id as warehouse_id,
            move_date,
            moved_units as units
        from {{ ref('fct_stock_move') }}
        union all
        select
            product_id,
            from_warehouse_id as warehouse_id,
            move_date,
            -moved_units as units
        from {{ ref('fct_stock_move') }}
    ) as both_ends
    where warehouse_id is not null
    group by product_id, warehouse_id, move_date

),

stocked as (

    select product_id from {{ ref('dim_product') }}
    where is_stocked

),

spans as (

    select * from {{ ref('fct_stock_span') }}

),

-- One row per place and day of change, in either, so that a day missing on one side shows too.
days as (

    select
        effects.product_id,
        effects.warehouse_id,
        effects.move_date as change_date
    from effects
    inner join stocked on effects.product_id = stocked.product_id
    union
    select
        product_id,
        warehouse_id,
        valid_from_date as change_date
    from spans

),

summed as (

    select
        days.product_id,
        days.warehouse_id,
        days.change_date,
        coalesce(effects.units, 0) as units

    from days
    left join effects
        on
            days.product_id = effects.product_id
            and days.warehouse_id = effects.warehouse_id
            and days.change_date = effects.move_date

),

running as (

    select
        *,
        sum(units) over (
            partition by product_id, warehouse_id
            order by change_date
            rows between unbounded preceding and current row
        ) as units_here
    from summed

)

select
    running.product_id,
    running.warehouse_id,
    running.change_date,
    running.units_here,
    spans.on_hand_units
from running
left join spans
    on
        running.product_id = spans.product_id
        and running.warehouse_id = spans.warehouse_id
        and running.change_date >= spans.valid_from_date
        and running.change_date < spans.valid_to_date
where spans.on_hand_units is null or running.units_here <> spans.on_hand_units
