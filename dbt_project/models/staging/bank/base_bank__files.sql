-- One row per bank file (its SHA-256): newest version known, usable or not.

with newest as (

    {{ newest_versions('bank', 'files') }}

),

typed as (

    select
        -- keys
        record_key,

        -- text
        {{ json_text('payload', 'name') }} as file_name,
        {{ json_text('payload', 'format') }} as file_format,
        {{ json_text('payload', 'parser_version') }} as parser_version,
        {{ json_text('payload', 'quarantine_reason') }} as parser_reason,
        {{ json_text('payload', 'rejected_place') }} as rejected_place,

        -- counts
        try_cast({{ json_text('payload', 'size') }} as bigint) as size_bytes,
        try_cast({{ json_text('payload', 'statements') }} as bigint) as statement_count,
        try_cast({{ json_text('payload', 'entries') }} as bigint) as entry_count,

        -- dates, UTC
        {{ utc_stamp(json_text('payload', 'received_at')) }} as received_at,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        *,
        case
            when is_deleted then null
            when parser_reason is not null then parser_reason || coalesce(', ' || rejected_place, '')
        end as quarantine_reason

    from typed

)

select * from judged
