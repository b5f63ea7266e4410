-- One row per purchase line that goods came for: units net of returns, when, and how many on time.

with lines as (

    select * from {{ ref('int_purchase_lines') }}

),

moves as (

    select * from {{ ref('int_stock_moves_costed') }}
    where purchase_line_id is not null and direction <> 0

),

receipts as (

    select
        lines.purchase_line_id,
        lines.promised_date,
        lines.ordered_units,
        moves.move_date,
        moves.units,
        sum(moves.units) over (
            partition by lines.purchase_line_id
            order by moves.move_date, cast(moves.move_line_id as bigint)
            rows between unbounded preceding and current row
        ) as units_to_here

    from lines
    inner join moves on lines.purchase_line_id = moves.purchase_line_id

)

select
    purchase_line_id,
    cast(sum(units) as decimal(18, 4)) as received_units,
    cast(coalesce(sum(units) filter (where move_date <= promised_date), 0) as decimal(18, 4))
        as received_on_time_units,
    min(move_date) filter (where units > 0) as first_received_date,
    max(move_date) filter (where units > 0) as last_received_date,
    min(move_date) filter (where units_to_here >= ordered_units) as completed_date
from receipts
group by purchase_line_id
