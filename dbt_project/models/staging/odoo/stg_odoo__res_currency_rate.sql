-- One row per Odoo currency, company and day with a published rate that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__res_currency_rate') }}

),

usable as (

    select
        record_key as currency_rate_id,
        currency_id,
        company_id,
        units_per_company_currency,
        rate_date,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
