-- One row per Odoo currency: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'res_currency') }}

),

typed as (

    select
        -- keys
        record_key,

        -- text
        {{ odoo_text('payload', 'name') }} as currency_code,

        -- counts
        try_cast({{ json_text('payload', 'decimal_places') }} as bigint) as decimal_places,

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
            when currency_code is null then 'currency without a code'
        end as quarantine_reason

    from typed

)

select * from judged
