-- One row per Odoo sale order line; sections and notes have no product: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'sale_order_line') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'order_id') }} as sale_order_id,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'product_uom_id') }} as unit_id,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as line_text,
        {{ odoo_text('payload', 'state') }} as order_state,

        -- units, in unit_id
        {{ odoo_decimal('payload', 'product_uom_qty', 'decimal(18, 4)') }} as ordered_units,
        {{ odoo_decimal('payload', 'qty_delivered', 'decimal(18, 4)') }} as delivered_units,
        {{ odoo_decimal('payload', 'qty_invoiced', 'decimal(18, 4)') }} as billed_units,

        -- money, in the currency of currency_id; unit_price before discount
        {{ odoo_decimal('payload', 'price_unit', 'decimal(18, 6)') }} as unit_price,
        {{ odoo_decimal('payload', 'discount', 'decimal(18, 6)') }} as discount_percent,
        {{ odoo_decimal('payload', 'price_subtotal') }} as line_amount,
        {{ has_fraction_of_cent('payload', ['price_subtotal']) }} as has_fraction_of_cent,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        *,
        case
            when is_deleted then null
            when sale_order_id is null then 'line without an order'
            when ordered_units is null then 'quantity missing or not a number'
            when unit_price is null then 'price missing or not a number'
            when line_amount is null then 'amount missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
        end as quarantine_reason

    from typed

)

select * from judged
