{# Columns `place` (from 1 in DuckDB, 0 in Spark) and `element` (JSON text) of an array in JSON text; no
   row for what is no JSON. #}
{% macro json_rows_numbered(column) -%}
    {{ return(adapter.dispatch('json_rows_numbered')(column)) }}
{%- endmacro %}

{% macro default__json_rows_numbered(column) -%}
    {%- set elements = "try(cast(json_extract(" ~ column ~ ", '$[*]') as varchar []))" -%}
    generate_subscripts({{ elements }}, 1) as place,
        unnest({{ elements }}) as element
{%- endmacro %}

{% macro spark__json_rows_numbered(column) -%}
    posexplode(from_json({{ column }}, 'array<string>')) as (place, element)
{%- endmacro %}
