{# What every base model begins with: the newest version of each record, its payload as a map `fields` of texts.
   `inside` names the object of the payload that holds the fields. `needs` says which other records one must have
   to be usable: {SQL of the other's key: [what to call it, its base model]}; a NULL key needs nothing. #}
{% macro newest_records(source_name, stream, inside=none, needs={}) -%}
    {{ refuse_needs_of_news(needs) }}
    select
        newest.record_key,
        newest.record_version,
        newest.is_deleted,
        newest.fetched_at,
        newest.fields,
        case
            when newest.fields is not null then null
            when {{ json_is_valid('newest.payload') }} then 'payload is no JSON object of distinct fields'
            else 'payload is not valid JSON'
        end as payload_reason,
        {{ needs_reason(needs) }} as needs_reason
    from (
        select
            *,
            {{ json_fields('payload', inside) }} as fields
        from ({{ newest_versions(source_name, stream) }}) as versions
    ) as newest
    {{ join_needs(needs) }}
{%- endmacro %}

{# What others a record needs may land, or go, on another night than the record itself. So a model with `needs` is
   told whole every night: small ones by newest_records, as tables; large ones are read by an incremental typed_ model
   that gives each record its `own_reason`, and judged here. Keys are columns of the typed model. #}
{% macro judged_by_needs(typed, needs) -%}
    select
        {{ typed }}.*,
        case
            when is_deleted then null
            else coalesce(own_reason, {{ needs_reason(needs) }})
        end as quarantine_reason
    from {{ typed }}
    {{ join_needs(needs) }}
{%- endmacro %}

{% macro join_needs(needs) -%}
    {% for key, (_, base_model) in needs.items() %}
    left join (
        select
            record_key as needed_key,
            quarantine_reason as needed_reason
        from {{ base_model }}
        where not is_deleted
    ) as needed_{{ loop.index }}
        on {{ key }} = needed_{{ loop.index }}.needed_key
    {% endfor %}
{%- endmacro %}

{% macro refuse_needs_of_news(needs) -%}
    {% if needs and execute and config.get('materialized') == 'incremental' %}
        {{ exceptions.raise_compiler_error(
            "a model with `needs` is judged anew every night: config(materialized='table'), or judged_by_needs"
        ) }}
    {% endif %}
{%- endmacro %}

{% macro needs_reason(needs) -%}
    {% if needs -%}
        case
        {% for key, (noun, _) in needs.items() %}
            {% set needed = 'needed_' ~ loop.index %}
            when {{ key }} is not null and {{ needed }}.needed_key is null then '{{ noun }} not landed'
            when {{ needed }}.needed_reason is not null then '{{ noun }}: ' || {{ needed }}.needed_reason
        {% endfor %}
        end
    {%- else -%}
        cast(null as string)
    {%- endif %}
{%- endmacro %}

{# Newest version per key among what was known. A tombstone wins over the version it deletes, since it was fetched
   later. #}
{% macro newest_versions(source_name, stream) -%}
    select
        record_key,
        record_version,
        is_deleted,
        payload,
        fetched_at
    from {{ landed_rows(source_name, stream) }}
    where fetched_at <= {{ known_on() }}
    qualify row_number() over (
        partition by record_key
        order by fetched_at desc, record_version desc, payload desc
    ) = 1
{%- endmacro %}
