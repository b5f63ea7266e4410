-- One row per Odoo product category: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'product_category') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('parent_id') }} as parent_category_id,

    -- text
    {{ odoo_text('name') }} as category_name,
    {{ odoo_text('complete_name') }} as category_path,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
