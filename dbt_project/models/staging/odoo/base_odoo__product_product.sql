-- One row per Odoo product variant (what is bought, kept and sold): newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'product_product') }}

),

templates as (

    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_odoo__product_template') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'product_tmpl_id') }} as product_template_id,

        -- text
        {{ odoo_text('payload', 'default_code') }} as product_code,
        {{ odoo_text('payload', 'name') }} as variant_name,
        {{ odoo_text('payload', 'barcode') }} as barcode,

        -- money, in the company's currency per base unit
        {{ odoo_decimal('payload', 'standard_price', 'decimal(18, 6)') }} as standard_price,

        -- flags
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
            when typed.product_template_id is null then 'variant without a template'
            when templates.record_key is null or templates.is_deleted then 'template not landed'
            when templates.quarantine_reason is not null then 'template: ' || templates.quarantine_reason
        end as quarantine_reason

    from typed
    left join templates on typed.product_template_id = templates.record_key

)

select * from judged
