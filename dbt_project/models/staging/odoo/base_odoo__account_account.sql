-- One row per Odoo ledger account: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'account_account') }}

),

typed as (

    select
        -- keys
        record_key,

        -- text
        {{ odoo_text('payload', 'code') }} as account_code,
        {{ odoo_text('payload', 'name') }} as account_name,
        {{ odoo_text('payload', 'account_type') }} as account_type,

        -- flags
        {{ odoo_flag('payload', 'reconcile') }} as is_reconcilable,

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
            when account_type is null then 'account without a type'
        end as quarantine_reason

    from typed

)

select * from judged
