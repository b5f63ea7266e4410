-- One row per HubSpot deal pipeline ever landed, newest version; deleted ones included.

with records as (

    {{ newest_records('hubspot', 'pipelines') }}

)

select
    -- keys
    record_key,

    -- text
    {{ hubspot_text('label') }} as pipeline_name,

    -- order
    try_cast({{ hubspot_text('displayOrder') }} as integer) as display_order,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
