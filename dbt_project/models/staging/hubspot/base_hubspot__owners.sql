-- One row per HubSpot owner ever landed, newest version; archived ones included.

with {{ hubspot_records('owners') }},

read as (

    select
        record_key,
        record_version,
        is_deleted,
        fetched_at,
        {{ trimmed_text(json_text('payload', 'firstName')) }} as first_name,
        {{ trimmed_text(json_text('payload', 'lastName')) }} as last_name,
        lower({{ trimmed_text(json_text('payload', 'email')) }}) as email,
        {{ trimmed_text(json_text('payload', 'userId')) }} as user_id,
        coalesce({{ json_text('payload', 'archived') }} = 'false', true) and not is_deleted as is_active,
        {{ utc_stamp(json_text('payload', 'createdAt')) }} as created_at,
        payload_reason as quarantine_reason

    from records

)

select * from read
