-- One row per product and segment that bought it in the 365 days up to the business date, with its share of the cost.

with moves as (

    select * from {{ ref('fct_stock_move') }}
    where
        movement in ('delivery', 'return_from_customer')
        and move_date <= {{ as_of_date() }}
        and move_date > {{ days_after(as_of_date(), -365) }}

),

order_lines as (

    select * from {{ ref('stg_odoo__sale_order_line') }}

),

orders as (

    select * from {{ ref('stg_odoo__sale_order') }}

),

customers as (

    select * from {{ ref('int_partner_customers') }}

),

costs as (

    select
        moves.product_id,
        coalesce(customers.segment, 'unallocated') as segment,
        cast(sum(-moves.value_reporting) as decimal(18, 2)) as cost_of_sales_reporting
    from moves
    left join order_lines on moves.sale_line_id = order_lines.sale_line_id
    left join orders on order_lines.sale_order_id = orders.sale_order_id
    left join customers on orders.partner_id = customers.partner_id
    group by moves.product_id, coalesce(customers.segment, 'unallocated')

)

select
    product_id,
    segment,
    cost_of_sales_reporting,
    -- More returned than bought is no claim to a share.
    cast(sum(greatest(cost_of_sales_reporting, 0)) over (
        partition by product_id order by segment rows between unbounded preceding and current row
    ) as decimal(18, 2)) as weight_to_here,
    cast(greatest(cost_of_sales_reporting, 0) as decimal(18, 2)) as weight,
    cast(sum(greatest(cost_of_sales_reporting, 0)) over (partition by product_id) as decimal(18, 2)) as product_weight
from costs
