-- One row per Odoo company that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__res_company') }}

),

usable as (

    select
        record_key as company_id,
        currency_id,
        partner_id,
        company_name,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
