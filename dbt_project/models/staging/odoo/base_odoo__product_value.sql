-- One row per value set by hand in Odoo, of a unit or of a move: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'product_value') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'product_id') }} as product_id,
        {{ odoo_id('payload', 'move_id') }} as move_id,
        {{ odoo_id('payload', 'lot_id') }} as lot_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'description') }} as description,

        -- money, in the company's currency
        {{ odoo_decimal('payload', 'value', 'decimal(18, 6)') }} as value_amount,

        -- stamps, UTC
        {{ odoo_stamp('payload', 'date') }} as valued_at,

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
            when
                product_id is null and move_id is null and lot_id is null
                then 'value of nothing: neither product, lot nor move'
            when value_amount is null then 'value missing or not a number'
            when valued_at is null then 'date missing or not a date'
        end as quarantine_reason

    from typed

)

select * from judged
