-- One row per Odoo product category: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'product_category') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'parent_id') }} as parent_category_id,

        -- text
        {{ odoo_text('payload', 'name') }} as category_name,
        {{ odoo_text('payload', 'complete_name') }} as category_path,

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
