{# One whole number per row from first to last, both included, for `select unnest` position. #}
{% macro number_rows(first, last) -%}
    {{ return(adapter.dispatch('number_rows')(first, last)) }}
{%- endmacro %}

{% macro default__number_rows(first, last) -%}
    unnest(generate_series({{ first }}, {{ last }}))
{%- endmacro %}

{# Spark's sequence counts down where the first is behind the last. #}
{% macro spark__number_rows(first, last) -%}
    explode(case when {{ first }} <= {{ last }} then sequence(cast({{ first }} as bigint), cast({{ last }} as bigint)) end)
{%- endmacro %}
