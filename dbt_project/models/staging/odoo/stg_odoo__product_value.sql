-- One row per value set by hand in Odoo, of a unit (no move) or of a move, that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__product_value') }}

),

usable as (

    select
        record_key as product_value_id,
        product_id,
        move_id,
        lot_id,
        company_id,
        description,
        value_amount,
        valued_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
