-- One row per Odoo unit of measure: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'uom_uom') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('relative_uom_id') }} as relative_unit_id,

    -- text
    {{ odoo_text('name') }} as unit_name,

    -- factors
    {{ odoo_decimal('factor', 'decimal(18, 8)') }} as units_per_reference,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'units_per_reference is null or units_per_reference <= 0': 'factor missing or not above zero',
    }) }} as quarantine_reason

from records
