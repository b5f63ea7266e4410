-- One row per company and month in the newest report, usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__account_move_line_by_month') }}

),

usable as (

    select
        record_key as group_key,
        company_id,
        month_start_date,
        balance_amount,
        record_version as newest_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
