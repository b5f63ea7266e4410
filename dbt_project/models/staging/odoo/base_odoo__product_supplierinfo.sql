-- One row per Odoo supplier price of a product: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'product_supplierinfo') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'partner_id') }} as partner_id,
        {{ odoo_id('payload', 'product_tmpl_id') }} as product_template_id,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'product_uom_id') }} as unit_id,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- units and days
        {{ odoo_decimal('payload', 'min_qty', 'decimal(18, 4)') }} as minimum_order_units,
        try_cast({{ json_text('payload', 'delay') }} as bigint) as delay_days,

        -- money, in the currency of currency_id per unit_id
        {{ odoo_decimal('payload', 'price', 'decimal(18, 6)') }} as unit_price,

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
            when partner_id is null then 'price without a supplier'
            when delay_days < 0 then 'negative lead time'
        end as quarantine_reason

    from typed

)

select * from judged
