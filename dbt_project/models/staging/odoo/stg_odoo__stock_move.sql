-- One row per Odoo stock move, planned, done or cancelled that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__stock_move') }}

),

usable as (

    select
        record_key as move_id,
        product_id,
        unit_id,
        from_location_id,
        to_location_id,
        picking_id,
        purchase_line_id,
        sale_line_id,
        company_id,
        move_state,
        origin,
        reference,
        planned_units,
        moved_units,
        value_amount,
        unit_price,
        moved_at,
        created_at,
        written_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
