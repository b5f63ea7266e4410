-- One row per Odoo partner (company or person) that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__res_partner') }}

),

usable as (

    select
        record_key as partner_id,
        parent_partner_id,
        country_id,
        company_id,
        partner_name,
        partner_ref,
        vat_number,
        email,
        customer_rank,
        supplier_rank,
        is_company,
        is_active,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
