-- One row per Odoo company: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'res_company') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'partner_id') }} as partner_id,

        -- text
        {{ odoo_text('payload', 'name') }} as company_name,

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
            when currency_id is null then 'company without a currency'
        end as quarantine_reason

    from typed

)

select * from judged
