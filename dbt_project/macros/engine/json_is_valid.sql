{# False for text no JSON reader accepts (a lone surrogate): reading a field of it would end the build. #}
{% macro json_is_valid(column) -%}
    {{ return(adapter.dispatch('json_is_valid')(column)) }}
{%- endmacro %}

{% macro default__json_is_valid(column) -%}
    json_valid({{ column }})
{%- endmacro %}

{% macro spark__json_is_valid(column) -%}
    get_json_object({{ column }}, '$') is not null
{%- endmacro %}
