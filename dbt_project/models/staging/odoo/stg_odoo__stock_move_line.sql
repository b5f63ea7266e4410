-- One row per Odoo stock move line (what of a move goes from where to where), not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__stock_move_line') }}

),

usable as (

    select
        record_key as move_line_id,
        move_id,
        product_id,
        unit_id,
        from_location_id,
        to_location_id,
        lot_id,
        company_id,
        line_state,
        reference,
        moved_units,
        erp_base_units,
        moved_at,
        created_at,
        record_version as changed_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
