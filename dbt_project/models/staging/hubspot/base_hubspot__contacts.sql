-- One row per HubSpot contact ever landed, newest version; deleted and unusable ones included.

with records as (

    {{ newest_records('hubspot', 'contacts', inside='properties') }}

)

select
    -- keys
    record_key,

    -- text about a person
    lower({{ hubspot_text('email') }}) as email,
    {{ hubspot_text('firstname') }} as first_name,
    {{ hubspot_text('lastname') }} as last_name,
    {{ hubspot_text('jobtitle') }} as job_title,
    {{ hubspot_text('phone') }} as phone,

    -- stamps, UTC
    {{ utc_stamp(hubspot_text('createdate')) }} as created_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
