-- One row per delivery or receipt and invoice or bill that its units are on: of an order's line first in, first out.

with billed as (

    select * from {{ ref('int_receipts_billed') }}

),

goods as (

    select
        goods_kind,
        move_line_id,
        order_kind,
        order_line_id,
        units,
        sum(abs(units)) over (
            partition by order_kind, order_line_id, units > 0
            order by moved_at, cast(move_line_id as bigint)
            rows between unbounded preceding and current row
        ) as units_to_here
    from {{ ref('int_goods_delivered') }} as deliveries
    where
        order_line_id is not null
        and not exists (
            select 1 from billed
            where
                billed.goods_kind = deliveries.goods_kind
                and billed.move_line_id = deliveries.move_line_id
        )

),

lines as (

    -- In the order they were made: dates of invoices are set back.
    select
        invoice_id,
        order_kind,
        order_line_id,
        units,
        sum(abs(units)) over (
            partition by order_kind, order_line_id, units > 0
            order by cast(invoice_line_id as bigint)
            rows between unbounded preceding and current row
        ) as units_to_here
    from {{ ref('int_invoice_lines') }} as invoiced
    where
        order_line_id is not null
        and not exists (
            select 1 from billed
            where billed.invoice_line_id = invoiced.invoice_line_id
        )

),

shared as (

    select
        goods.goods_kind,
        goods.move_line_id,
        lines.invoice_id,
        case when goods.units > 0 then 1 else -1 end * (
            least(goods.units_to_here, lines.units_to_here)
            - greatest(goods.units_to_here - abs(goods.units), lines.units_to_here - abs(lines.units))
        ) as units

    from goods
    inner join lines
        on
            goods.order_kind = lines.order_kind
            and goods.order_line_id = lines.order_line_id
            -- Goods are invoiced and what comes back is credited: two queues, so that a return undoes no delivery.
            and (goods.units > 0) = (lines.units > 0)
            and goods.units_to_here > lines.units_to_here - abs(lines.units)
            and lines.units_to_here > goods.units_to_here - abs(goods.units)

)

select
    goods_kind,
    move_line_id,
    invoice_id,
    'first_in_first_out' as known_by,
    cast(sum(units) as decimal(18, 4)) as units
from shared
group by goods_kind, move_line_id, invoice_id

union all

select
    goods_kind,
    move_line_id,
    invoice_id,
    'same_units' as known_by,
    units
from billed
