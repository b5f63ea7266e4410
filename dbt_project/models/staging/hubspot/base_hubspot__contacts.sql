-- One row per HubSpot contact ever landed, newest version; deleted and unusable ones included.

with {{ hubspot_records('contacts') }},

read as (

    select
        record_key,
        record_version,
        is_deleted,
        fetched_at,
        lower({{ hubspot_text('email') }}) as email,
        {{ hubspot_text('firstname') }} as first_name,
        {{ hubspot_text('lastname') }} as last_name,
        {{ hubspot_text('jobtitle') }} as job_title,
        {{ hubspot_text('phone') }} as phone,
        {{ utc_stamp(hubspot_text('createdate')) }} as created_at,
        payload_reason as quarantine_reason

    from records

)

select * from read
