-- One row per Odoo product template: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'product_template') }}

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
        {{ odoo_id('payload', 'categ_id') }} as category_id,
        {{ odoo_id('payload', 'uom_id') }} as unit_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as product_name,
        {{ odoo_text('payload', 'type') }} as product_type,
        {{ odoo_text('payload', 'cost_method') }} as cost_method,

        -- money, in the company's currency
        {{ odoo_decimal('payload', 'list_price', 'decimal(18, 6)') }} as list_price,
        {{ odoo_decimal('payload', 'standard_price', 'decimal(18, 6)') }} as standard_price,

        -- flags
        {{ odoo_flag('payload', 'is_storable') }} as is_storable,
        {{ odoo_flag('payload', 'active') }} as is_active,

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
            when typed.unit_id is null then 'product without a unit of measure'
            when units.record_key is null or units.is_deleted then 'unit not landed'
            when units.quarantine_reason is not null then 'unit: ' || units.quarantine_reason
        end as quarantine_reason

    from typed
    left join units on typed.unit_id = units.record_key

)

select * from judged
