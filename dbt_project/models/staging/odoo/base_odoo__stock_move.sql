-- One row per Odoo stock move, planned, done or cancelled: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'stock_move') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'product_uom') }} as unit_id,
        {{ odoo_id('payload', 'location_id') }} as from_location_id,
        {{ odoo_id('payload', 'location_dest_id') }} as to_location_id,
        {{ odoo_id('payload', 'picking_id') }} as picking_id,
        {{ odoo_id('payload', 'purchase_line_id') }} as purchase_line_id,
        {{ odoo_id('payload', 'sale_line_id') }} as sale_line_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'state') }} as move_state,
        {{ is_stock_state('payload') }} as is_known_state,
        {{ odoo_text('payload', 'origin') }} as origin,
        {{ odoo_text('payload', 'reference') }} as reference,

        -- units, in unit_id
        {{ odoo_decimal('payload', 'product_uom_qty', 'decimal(18, 4)') }} as planned_units,
        {{ odoo_decimal('payload', 'quantity', 'decimal(18, 4)') }} as moved_units,

        -- money, in the company's currency
        {{ odoo_decimal('payload', 'value') }} as value_amount,
        {{ odoo_decimal('payload', 'price_unit', 'decimal(18, 6)') }} as unit_price,
        {{ has_fraction_of_cent('payload', ['value']) }} as has_fraction_of_cent,

        -- stamps, UTC; moved_at is the planned moment until the move is done
        {{ odoo_stamp('payload', 'date') }} as moved_at,
        {{ odoo_stamp('payload', 'create_date') }} as created_at,
        {{ odoo_stamp('payload', 'write_date') }} as written_at,

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
            when product_id is null then 'move without a product'
            when from_location_id is null or to_location_id is null then 'move without both locations'
            when company_id is null then 'move without a company'
            when moved_at is null then 'date missing or not a date'
            when not is_known_state then 'state unknown'
            when planned_units is null then 'quantity missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
        end as quarantine_reason

    from typed

)

select * from judged
