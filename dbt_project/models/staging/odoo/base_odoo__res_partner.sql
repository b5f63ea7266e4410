-- One row per Odoo partner (company or person): newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'res_partner') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('parent_id') }} as parent_partner_id,
    {{ odoo_id('country_id') }} as country_id,
    {{ odoo_id('company_id') }} as company_id,

    -- text
    {{ odoo_text('name') }} as partner_name,
    {{ odoo_text('ref') }} as partner_ref,
    {{ odoo_text('vat') }} as vat_number,
    {{ odoo_text('email') }} as email,

    -- counts
    {{ odoo_integer('customer_rank') }} as customer_rank,
    {{ odoo_integer('supplier_rank') }} as supplier_rank,

    -- flags
    {{ odoo_flag('is_company') }} as is_company,
    {{ odoo_flag('active') }} as is_active,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
