-- One row per stocked product: units in all warehouses, by how long ago they came in (first in, first out).

with arrivals as (

    -- What enters the company's own rooms from outside; moves between them make nothing younger.
    select
        product_id,
        move_date,
        sum(units) as arrived_units
    from {{ ref('fct_stock_move') }}
    where units > 0 and move_date <= {{ as_of_date() }}
    group by product_id, move_date

),

stock as (

    select
        product_id,
        sum(on_hand_units) as on_hand_units
    from {{ ref('fct_stock_span') }}
    where
        valid_from_date <= {{ as_of_date() }}
        and valid_to_date > {{ as_of_date() }}
    group by product_id

),

newest_first as (

    select
        *,
        coalesce(sum(arrived_units) over (
            partition by product_id order by move_date desc
            rows between unbounded preceding and 1 preceding
        ), 0) as arrived_later
    from arrivals

),

left_over as (

    -- First in, first out: what is here came with the newest arrivals.
    select
        stock.product_id,
        {{ days_between('newest_first.move_date', as_of_date()) }} as age_days,
        least(newest_first.arrived_units, stock.on_hand_units - newest_first.arrived_later) as units
    from stock
    inner join newest_first
        on
            stock.product_id = newest_first.product_id
            and stock.on_hand_units > newest_first.arrived_later

),

summed as (

    select
        product_id,
        sum(case when age_days <= 90 then units else 0 end) as to_90,
        sum(case when age_days between 91 and 180 then units else 0 end) as to_180,
        sum(case when age_days between 181 and 365 then units else 0 end) as to_365,
        sum(case when age_days > 365 then units else 0 end) as older
    from left_over
    group by product_id

)

select
    stock.product_id,
    cast(stock.on_hand_units as decimal(18, 4)) as on_hand_units,
    cast(coalesce(summed.to_90, 0) as decimal(18, 4)) as age_0_90_units,
    cast(coalesce(summed.to_180, 0) as decimal(18, 4)) as age_91_180_units,
    cast(coalesce(summed.to_365, 0) as decimal(18, 4)) as age_181_365_units,
    cast(coalesce(summed.older, 0) as decimal(18, 4)) as age_over_365_units

from stock
left join summed on stock.product_id = summed.product_id
