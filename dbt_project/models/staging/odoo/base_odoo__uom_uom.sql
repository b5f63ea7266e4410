-- One row per Odoo unit of measure: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'uom_uom') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'relative_uom_id') }} as relative_unit_id,

        -- text
        {{ odoo_text('payload', 'name') }} as unit_name,

        -- factors
        {{ odoo_decimal('payload', 'factor', 'decimal(18, 8)') }} as units_per_reference,

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
            when
                units_per_reference is null or units_per_reference <= 0
                then 'factor missing or not above zero'
        end as quarantine_reason

    from typed

)

select * from judged
