-- One row per HubSpot deal with its links to contacts, newest version.

with records as (

    {{ newest_records('hubspot', 'deals_to_contacts') }}

)

select
    -- keys
    record_key,

    -- JSON
    fields['to'] as links,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
