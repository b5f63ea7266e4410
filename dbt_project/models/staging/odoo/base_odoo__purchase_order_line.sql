-- One row per Odoo purchase order line, sections and notes included: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'purchase_order_line') }}

),

orders as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__purchase_order') }}

),

products as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__product_product') }}

),

units as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__uom_uom') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'order_id') }} as purchase_order_id,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'product_uom_id') }} as unit_id,
        {{ odoo_id('payload', 'partner_id') }} as partner_id,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as line_text,
        {{ odoo_text('payload', 'state') }} as order_state,

        -- units, in unit_id
        {{ odoo_decimal('payload', 'product_qty', 'decimal(18, 4)') }} as ordered_units,
        {{ odoo_decimal('payload', 'qty_received', 'decimal(18, 4)') }} as received_units,
        {{ odoo_decimal('payload', 'qty_invoiced', 'decimal(18, 4)') }} as billed_units,

        -- money, in the currency of currency_id; unit_price before discount
        {{ odoo_decimal('payload', 'price_unit', 'decimal(18, 6)') }} as unit_price,
        {{ odoo_decimal('payload', 'discount', 'decimal(18, 6)') }} as discount_percent,
        {{ odoo_decimal('payload', 'price_subtotal') }} as line_amount,
        {{ has_fraction_of_cent('payload', ['price_subtotal']) }} as has_fraction_of_cent,

        -- stamps, UTC
        {{ odoo_stamp('payload', 'date_planned') }} as promised_at,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        typed.*,
        case
            when typed.is_deleted then null
            when typed.purchase_order_id is null then 'line without an order'
            when typed.product_id is not null and typed.unit_id is null then 'line without a unit of measure'
            when typed.ordered_units is null then 'quantity missing or not a number'
            when typed.unit_price is null then 'price missing or not a number'
            when typed.line_amount is null then 'amount missing or not a number'
            when typed.has_fraction_of_cent then 'amount finer than a cent'
            when orders.record_key is null or orders.is_deleted then 'order not landed'
            when orders.quarantine_reason is not null then 'order: ' || orders.quarantine_reason
            when
                typed.product_id is not null and (products.record_key is null or products.is_deleted)
                then 'product not landed'
            when products.quarantine_reason is not null then 'product: ' || products.quarantine_reason
            when
                typed.unit_id is not null and (units.record_key is null or units.is_deleted)
                then 'unit not landed'
            when units.quarantine_reason is not null then 'unit: ' || units.quarantine_reason
        end as quarantine_reason

    from typed
    left join orders on typed.purchase_order_id = orders.record_key
    left join products on typed.product_id = products.record_key
    left join units on typed.unit_id = units.record_key

)

select * from judged
