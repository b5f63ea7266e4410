{# One JSON text per element of an array, for `select unnest` position; no array, an empty one or no JSON: no row.
   The array is the text itself, or the one at a path in it. #}
{% macro json_rows(column, path='') -%}
    {{ return(adapter.dispatch('json_rows')(column, json_path(path))) }}
{%- endmacro %}

{% macro default__json_rows(column, path) -%}
    unnest(try(cast(json_extract({{ column }}, '{{ path }}[*]') as varchar [])))
{%- endmacro %}

{% macro spark__json_rows(column, path) -%}
    explode(from_json(get_json_object({{ column }}, '{{ path }}'), 'array<string>'))
{%- endmacro %}
