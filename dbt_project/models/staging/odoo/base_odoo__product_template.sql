-- One row per Odoo product template: newest version known, usable or not.

{{ config(materialized='table') }}

with records as (

    {{ newest_records('odoo', 'product_template') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('categ_id') }} as category_id,
    {{ odoo_id('uom_id') }} as unit_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as product_name,
    {{ odoo_text('type') }} as product_type,
    {{ odoo_text('cost_method') }} as cost_method,

    -- money, in the company's currency
    {{ odoo_decimal('list_price', 'decimal(18, 6)') }} as list_price,
    {{ odoo_decimal('standard_price', 'decimal(18, 6)') }} as standard_price,

    -- flags
    {{ odoo_flag('is_storable') }} as is_storable,
    {{ odoo_flag('active') }} as is_active,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'unit_id is null': 'product without a unit of measure',
    }) }} as quarantine_reason

from records
