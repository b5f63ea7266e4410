{# Whether two values are equal, NULL being equal to NULL. #}
{% macro is_same(one, other) -%}
    {{ return(adapter.dispatch('is_same')(one, other)) }}
{%- endmacro %}

{% macro default__is_same(one, other) -%}
    ({{ one }} is not distinct from {{ other }})
{%- endmacro %}

{% macro spark__is_same(one, other) -%}
    ({{ one }} <=> {{ other }})
{%- endmacro %}
