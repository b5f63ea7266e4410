-- One row per bank file that could be read.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_bank__files') }}

),

usable as (

    select
        record_key as file_sha256,
        file_name,
        file_format,
        parser_version,
        size_bytes,
        statement_count,
        entry_count,
        received_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
