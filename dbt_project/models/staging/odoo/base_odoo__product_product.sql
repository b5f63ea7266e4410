-- One row per Odoo product variant (what is bought, kept and sold): newest version known, usable or not.

{{ config(materialized='table') }}

with records as (

    {{ newest_records('odoo', 'product_product', needs={
        odoo_id('product_tmpl_id'): ['template', ref('base_odoo__product_template')],
    }) }}

)

select
    -- keys
    record_key,
    {{ odoo_id('product_tmpl_id') }} as product_template_id,

    -- text
    {{ odoo_text('default_code') }} as product_code,
    {{ odoo_text('name') }} as variant_name,
    {{ odoo_text('barcode') }} as barcode,

    -- money, in the company's currency per base unit
    {{ odoo_decimal('standard_price', 'decimal(18, 6)') }} as standard_price,

    -- flags
    {{ odoo_flag('active') }} as is_active,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'product_template_id is null': 'variant without a template',
    }) }} as quarantine_reason

from records
