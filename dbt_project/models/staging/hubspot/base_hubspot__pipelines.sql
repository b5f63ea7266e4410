-- One row per HubSpot deal pipeline ever landed, newest version; deleted ones included.

with {{ hubspot_records('pipelines') }},

read as (

    select
        record_key,
        record_version,
        is_deleted,
        fetched_at,
        payload,
        {{ trimmed_text(json_text('payload', 'label')) }} as pipeline_name,
        try_cast({{ json_text('payload', 'displayOrder') }} as integer) as display_order,
        payload_reason as quarantine_reason

    from records

)

select * from read
