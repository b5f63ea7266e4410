-- One row per Odoo unit of measure that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__uom_uom') }}

),

usable as (

    select
        record_key as unit_id,
        relative_unit_id,
        unit_name,
        units_per_reference,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
