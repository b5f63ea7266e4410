-- One row per posted invoice or bill and order it is for, with the order's share of its total.

with invoices as (

    select * from {{ ref('int_invoices') }}

),

lines as (

    select * from {{ ref('int_invoice_lines') }}

),

named_orders as (

    select
        'invoice' as invoice_kind,
        'sale_order' as order_kind,
        sale_order_id as order_id,
        company_id,
        order_name
    from {{ ref('stg_odoo__sale_order') }}
    union all
    select
        'bill' as invoice_kind,
        'purchase_order' as order_kind,
        purchase_order_id as order_id,
        company_id,
        order_name
    from {{ ref('stg_odoo__purchase_order') }}

),

orders as (

    -- Names are the ERP's to give; of two orders with one name the older is meant.
    select *
    from named_orders
    qualify row_number() over (
        partition by order_kind, company_id, order_name order by cast(order_id as bigint)
    ) = 1

),

-- The order's line says it best, then the order that the document names, then the document it takes back.
origins as (

    select
        invoices.invoice_id,
        case
            when lines.order_id is not null then lines.order_kind
            when orders.order_id is not null then orders.order_kind
            when invoices.reversed_invoice_id is not null then invoices.invoice_kind
        end as origin_kind,
        coalesce(lines.order_id, orders.order_id, invoices.reversed_invoice_id) as origin_id,
        case
            when lines.order_id is not null then 'order_line'
            when orders.order_id is not null then 'order_name'
            when invoices.reversed_invoice_id is not null then 'reversed_document'
        end as known_by,
        coalesce(lines.net_amount, 0) as net_amount

    from invoices
    left join lines on invoices.invoice_id = lines.invoice_id
    left join orders
        on
            invoices.invoice_kind = orders.invoice_kind
            and invoices.company_id = orders.company_id
            and invoices.order_name = orders.order_name

),

per_origin as (

    select
        invoice_id,
        origin_kind,
        origin_id,
        -- In the order of how well it is known.
        min(known_by) as known_by,
        cast(sum(net_amount) as decimal(18, 2)) as net_amount
    from origins
    group by invoice_id, origin_kind, origin_id

),

running as (

    select
        *,
        cast(sum(net_amount) over (partition by invoice_id) as decimal(18, 2)) as invoice_net,
        cast(sum(net_amount) over (
            partition by invoice_id order by origin_id nulls last, origin_kind
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as net_to_here
    from per_origin

),

extra as (

    -- Tax, and whatever else the lines leave of the total, is shared alike; of lines that cancel out the first has it.
    select
        running.*,
        invoices.invoice_kind,
        case
            when running.invoice_net = 0 then invoices.amount
            else
                {{ divide_money(
                    '(invoices.amount - running.invoice_net) * running.net_to_here', 'running.invoice_net'
                ) }}
        end as extra_to_here

    from running
    inner join invoices on running.invoice_id = invoices.invoice_id

)

select
    invoice_kind,
    invoice_id,
    origin_kind,
    origin_id,
    known_by,
    cast(net_amount + extra_to_here - lag(extra_to_here, 1, 0) over (
        partition by invoice_id order by origin_id nulls last, origin_kind
    ) as decimal(18, 2)) as amount
from extra
