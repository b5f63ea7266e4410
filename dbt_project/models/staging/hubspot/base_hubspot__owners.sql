-- One row per HubSpot owner ever landed, newest version; archived ones included.

with records as (

    {{ newest_records('hubspot', 'owners') }}

)

select
    -- keys
    record_key,
    {{ hubspot_text('userId') }} as user_id,

    -- text about a person
    {{ hubspot_text('firstName') }} as first_name,
    {{ hubspot_text('lastName') }} as last_name,
    lower({{ hubspot_text('email') }}) as email,

    -- flags
    coalesce({{ hubspot_text('archived') }} = 'false', true) and not is_deleted as is_active,

    -- stamps, UTC
    {{ utc_stamp(hubspot_text('createdAt')) }} as created_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
