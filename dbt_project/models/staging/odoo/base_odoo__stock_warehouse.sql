-- One row per Odoo warehouse: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'stock_warehouse') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'lot_stock_id') }} as stock_location_id,
        {{ odoo_id('payload', 'view_location_id') }} as view_location_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as warehouse_name,
        {{ odoo_text('payload', 'code') }} as warehouse_code,

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
            when company_id is null then 'warehouse without a company'
        end as quarantine_reason

    from typed

)

select * from judged
