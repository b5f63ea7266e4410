-- One row per Odoo journal: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'account_journal') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- text
        {{ odoo_text('payload', 'name') }} as journal_name,
        {{ odoo_text('payload', 'code') }} as journal_code,
        {{ odoo_text('payload', 'type') }} as journal_type,

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
