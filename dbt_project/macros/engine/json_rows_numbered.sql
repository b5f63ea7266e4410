{# Columns `place` (from 1 in DuckDB, 0 in Spark) and `element` (JSON text) of the array at a path. #}
{% macro json_rows_numbered(column, path) -%}
    {{ return(adapter.dispatch('json_rows_numbered')(column, path)) }}
{%- endmacro %}

{% macro default__json_rows_numbered(column, path) -%}
    {%- set elements = "cast(json_extract(" ~ column ~ ", '$." ~ path ~ "[*]') as varchar [])" -%}
    generate_subscripts({{ elements }}, 1) as place,
        unnest({{ elements }}) as element
{%- endmacro %}

{% macro spark__json_rows_numbered(column, path) -%}
    posexplode(from_json(get_json_object({{ column }}, '$.{{ path }}'), 'array<string>')) as (place, element)
{%- endmacro %}
