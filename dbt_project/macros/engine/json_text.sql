{# Text at a dotted path of a JSON text column, or at a place like [0] of an array; numbers keep their digits.
   NULL for JSON null, for nothing there, and for text that is no JSON: one such record must not end the build. #}
{% macro json_text(column, path) -%}
    {{ return(adapter.dispatch('json_text')(column, json_path(path))) }}
{%- endmacro %}

{% macro default__json_text(column, path) -%}
    try(json_extract_string({{ column }}, '{{ path }}'))
{%- endmacro %}

{% macro spark__json_text(column, path) -%}
    get_json_object({{ column }}, '{{ path }}')
{%- endmacro %}

{# '$' is the text itself. #}
{% macro json_path(path) -%}
    {{ return('$' ~ ('' if path == '' or path.startswith('[') else '.') ~ path) }}
{%- endmacro %}
