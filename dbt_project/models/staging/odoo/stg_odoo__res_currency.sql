-- One row per Odoo currency that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__res_currency') }}

),

usable as (

    select
        record_key as currency_id,
        currency_code,
        decimal_places,
        is_active,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
