{# The first two CTEs of a HubSpot base model: newest version per key, its payload only where readable. #}
{% macro hubspot_records(stream) -%}
newest as (

    {{ newest_versions('hubspot', stream) }}

),

records as (

    select
        record_key,
        record_version,
        is_deleted,
        fetched_at,
        case when {{ json_is_valid('payload') }} then payload end as payload,
        case
            when not is_deleted and not {{ json_is_valid('payload') }} then 'payload is not valid JSON'
        end as payload_reason

    from newest

)
{%- endmacro %}
