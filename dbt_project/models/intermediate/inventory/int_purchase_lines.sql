-- One row per product line of a confirmed purchase order, in base units of the product.

with lines as (

    select * from {{ ref('stg_odoo__purchase_order_line') }}
    -- Sections and notes have no product.
    where product_id is not null

),

orders as (

    select * from {{ ref('stg_odoo__purchase_order') }}
    -- A request for quotation is not an order yet, a cancelled one no longer.
    where order_state in ('purchase', 'done')

),

products as (

    select
        product_id,
        units_per_reference as product_factor
    from {{ ref('int_products') }}

),

units as (

    select
        unit_id,
        units_per_reference as line_factor
    from {{ ref('stg_odoo__uom_uom') }}

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

),

priced as (

    select
        lines.purchase_line_id,
        lines.purchase_order_id,
        orders.order_name,
        coalesce(lines.company_id, orders.company_id) as company_id,
        coalesce(orders.partner_id, lines.partner_id) as supplier_id,
        lines.product_id,
        orders.order_state,
        {{ business_date('coalesce(orders.approved_at, orders.ordered_at)') }} as ordered_date,
        {{ business_date('coalesce(lines.promised_at, orders.promised_at)') }} as promised_date,
        lines.ordered_units,
        lines.received_units,
        lines.billed_units,
        lines.line_amount as amount,
        currencies.currency_code,
        coalesce(units.line_factor, products.product_factor) as line_factor,
        products.product_factor,
        -- Wider than a decimal(18), whose products overflow in DuckDB: here above a price of 10^4.
        cast({{ rounded_quotient(
            'cast(lines.unit_price as decimal(20, 6)) * cast(100 - coalesce(lines.discount_percent, 0) as decimal(9, 6))',
            100, 6
        ) }} as decimal(18, 6)) as line_unit_price

    from lines
    inner join orders on lines.purchase_order_id = orders.purchase_order_id
    inner join products on lines.product_id = products.product_id
    left join units on lines.unit_id = units.unit_id
    left join currencies on coalesce(lines.currency_id, orders.currency_id) = currencies.currency_id

)

select
    purchase_line_id,
    purchase_order_id,
    order_name,
    company_id,
    supplier_id,
    product_id,
    order_state,
    ordered_date,
    promised_date,
    {{ convert_units('ordered_units', 'line_factor', 'product_factor') }} as ordered_units,
    {{ convert_units('received_units', 'line_factor', 'product_factor') }} as erp_received_units,
    {{ convert_units('billed_units', 'line_factor', 'product_factor') }} as billed_units,
    amount,
    currency_code,
    {{ convert_price('line_unit_price', 'line_factor', 'product_factor') }} as unit_price
from priced
