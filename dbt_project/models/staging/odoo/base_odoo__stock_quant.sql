-- One row per Odoo quant (the ERP's own count of a product in a location): newest version, usable or not.

with newest as (

    {{ newest_versions('odoo', 'stock_quant') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'location_id') }} as location_id,
        {{ odoo_id('payload', 'lot_id') }} as lot_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- units, in the product's base unit
        {{ odoo_decimal('payload', 'quantity', 'decimal(18, 4)') }} as on_hand_units,
        {{ odoo_decimal('payload', 'reserved_quantity', 'decimal(18, 4)') }} as reserved_units,

        -- stamps, UTC
        {{ odoo_stamp('payload', 'in_date') }} as entered_at,

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
            when product_id is null or location_id is null then 'quant without product or location'
            when on_hand_units is null then 'quantity missing or not a number'
        end as quarantine_reason

    from typed

)

select * from judged
