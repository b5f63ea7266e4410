-- One row per Odoo stock location: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'stock_location') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'location_id') }} as parent_location_id,
        {{ odoo_id('payload', 'warehouse_id') }} as warehouse_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'complete_name') }} as location_name,
        {{ odoo_text('payload', 'usage') }} as location_kind,

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
        *,
        case
            when is_deleted then null
            when location_kind is null then 'location without a usage'
        end as quarantine_reason

    from typed

)

select * from judged
