-- One row per receipt, or return to a supplier, and line of a bill or credit note over just its units.

with receipts as (

    select
        goods_kind,
        move_line_id,
        order_kind,
        order_line_id,
        units,
        row_number() over (
            partition by order_line_id, units
            order by moved_at, cast(move_line_id as bigint)
        ) as place_among_equals
    from {{ ref('int_goods_delivered') }}
    where
        goods_kind = 'receipt'
        and order_line_id is not null
        and units <> 0

),

lines as (

    select
        invoice_id,
        invoice_line_id,
        order_line_id,
        units,
        row_number() over (
            partition by order_line_id, units
            order by cast(invoice_line_id as bigint)
        ) as place_among_equals
    from {{ ref('int_invoice_lines') }}
    where order_kind = 'purchase_order'

)

select
    receipts.goods_kind,
    receipts.move_line_id,
    lines.invoice_id,
    lines.invoice_line_id,
    receipts.units
from receipts
inner join lines
    on
        receipts.order_line_id = lines.order_line_id
        and receipts.units = lines.units
        and receipts.place_among_equals = lines.place_among_equals
