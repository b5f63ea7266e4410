{# One row per HubSpot deal and record it is linked to, of the kind the base model holds; `link` is its JSON. #}
{% macro hubspot_links(base_model) -%}
    select
        deal_id,
        {{ trimmed_text(json_text('link', 'toObjectId')) }} as linked_id,
        link,
        fetched_at
    from (
        select
            record_key as deal_id,
            {{ json_rows('links') }} as link,
            fetched_at
        from {{ base_model }}
        where
            not is_deleted
            and quarantine_reason is null
    ) as listed
{%- endmacro %}
