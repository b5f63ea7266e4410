{# One whole number per row from first to last, both included, for `select unnest` position. #}
{% macro number_rows(first, last) -%}
    {{ return(adapter.dispatch('number_rows')(first, last)) }}
{%- endmacro %}

{% macro default__number_rows(first, last) -%}
    unnest(generate_series({{ first }}, {{ last }}))
{%- endmacro %}

{% macro spark__number_rows(first, last) -%}
    explode(sequence({{ first }}, {{ last }}))
{%- endmacro %}
