{# One JSON text per element of the array at a path, for `select unnest` position; empty array: no row. #}
{% macro json_rows(column, path) -%}
    {{ return(adapter.dispatch('json_rows')(column, path)) }}
{%- endmacro %}

{% macro default__json_rows(column, path) -%}
    unnest(cast(json_extract({{ column }}, '$.{{ path }}[*]') as varchar []))
{%- endmacro %}

{% macro spark__json_rows(column, path) -%}
    explode(from_json(get_json_object({{ column }}, '$.{{ path }}'), 'array<string>'))
{%- endmacro %}
