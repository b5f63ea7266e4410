-- One row per Odoo partner (company or person): newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'res_partner') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'parent_id') }} as parent_partner_id,
        {{ odoo_id('payload', 'country_id') }} as country_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as partner_name,
        {{ odoo_text('payload', 'ref') }} as partner_ref,
        {{ odoo_text('payload', 'vat') }} as vat_number,
        {{ odoo_text('payload', 'email') }} as email,

        -- counts
        try_cast({{ json_text('payload', 'customer_rank') }} as bigint) as customer_rank,
        try_cast({{ json_text('payload', 'supplier_rank') }} as bigint) as supplier_rank,

        -- flags
        {{ odoo_flag('payload', 'is_company') }} as is_company,
        {{ odoo_flag('payload', 'active') }} as is_active,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        *,
        cast(null as varchar) as quarantine_reason

    from typed

)

select * from judged
