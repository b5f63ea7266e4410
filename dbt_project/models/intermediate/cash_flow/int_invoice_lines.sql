-- One row per line that a posted invoice or bill is about, with the line of the order it is for.

{# Like on the order's line: a unit or product nobody knows counts as it is written. #}
{% set product_factor = 'coalesce(products.units_per_reference, 1)' %}
{% set line_factor = 'coalesce(units.units_per_reference, products.units_per_reference, 1)' %}

with invoices as (

    select * from {{ ref('int_invoices') }}

),

accounts as (

    select * from {{ ref('stg_odoo__account_account') }}

),

lines as (

    select
        journal_items.*,
        invoices.invoice_id,
        invoices.invoice_kind,
        invoices.invoiced_date,
        invoices.cash_sign,
        -- Sale and purchase lines are numbered alike. Only keys in the joins below: else they are nested loops.
        case invoices.invoice_kind when 'invoice' then journal_items.sale_line_id end as sold_line_id,
        case invoices.invoice_kind when 'bill' then journal_items.purchase_line_id end as bought_line_id

    from {{ ref('stg_odoo__account_move_line') }} as journal_items
    inner join invoices on journal_items.move_id = invoices.invoice_id
    left join accounts on journal_items.account_id = accounts.account_id
    where
        -- Not what is owed, and not the tax, which the lines share.
        coalesce(journal_items.display_type, 'product') not in ('tax', 'payment_term')
        and coalesce(accounts.account_type, '') not in ('asset_receivable', 'liability_payable')

),

sale_lines as (

    select * from {{ ref('stg_odoo__sale_order_line') }}

),

purchase_lines as (

    select * from {{ ref('stg_odoo__purchase_order_line') }}

),

products as (

    select * from {{ ref('int_products') }}

),

units as (

    select * from {{ ref('stg_odoo__uom_uom') }}

)

select
    lines.move_line_id as invoice_line_id,
    lines.invoice_id,
    lines.invoiced_date,
    lines.product_id,
    coalesce(sale_lines.sale_line_id, purchase_lines.purchase_line_id) as order_line_id,
    coalesce(sale_lines.sale_order_id, purchase_lines.purchase_order_id) as order_id,
    case lines.invoice_kind when 'invoice' then 'sale_order' else 'purchase_order' end as order_kind,
    -- The ERP invoices in the unit of the order's line. Goods go against the money: in is positive for both.
    cast(
        -lines.cash_sign * {{ convert_units('lines.quantity', line_factor, product_factor) }}
        as decimal(18, 4)
    ) as units,
    cast(-lines.currency_amount as decimal(18, 2)) as net_amount,
    lines.balance_amount

from lines
left join sale_lines on lines.sold_line_id = sale_lines.sale_line_id
left join purchase_lines on lines.bought_line_id = purchase_lines.purchase_line_id
left join products on coalesce(sale_lines.product_id, purchase_lines.product_id) = products.product_id
left join units on coalesce(sale_lines.unit_id, purchase_lines.unit_id) = units.unit_id
