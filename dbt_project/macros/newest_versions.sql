{# Newest version per key among what was known: the first CTE of every base model.
   A tombstone wins over the version it deletes, since it was fetched later. #}
{% macro newest_versions(source_name, stream) -%}
    select
        record_key,
        record_version,
        is_deleted,
        payload,
        fetched_at
    from {{ source(source_name, stream) }}
    where fetched_at <= {{ known_on() }}
    qualify row_number() over (
        partition by record_key
        order by fetched_at desc, record_version desc, payload desc
    ) = 1
{%- endmacro %}
