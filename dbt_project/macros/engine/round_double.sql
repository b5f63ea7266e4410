{# A double rounded half away from zero. Spark rounds what a double is written as, DuckDB what it is: 1.005, which is a
   hair less, to 1.01 and 1.00. Both are told DuckDB's way. #}
{% macro round_double(value, digits) -%}
    {{ return(adapter.dispatch('round_double')(value, digits)) }}
{%- endmacro %}

{% macro default__round_double(value, digits) -%}
    round({{ value }}, {{ digits }})
{%- endmacro %}

{% macro spark__round_double(value, digits) -%}
    (round(({{ value }}) * {{ 10 ** digits }}) / {{ 10 ** digits }})
{%- endmacro %}

{# Quotient of two decimals, which DuckDB divides as doubles, rounded; NULL when the divisor is zero. #}
{% macro rounded_quotient(part, whole, digits) -%}
    {{ return(adapter.dispatch('rounded_quotient')(part, whole, digits)) }}
{%- endmacro %}

{% macro default__rounded_quotient(part, whole, digits) -%}
    round({{ part }} / nullif({{ whole }}, 0), {{ digits }})
{%- endmacro %}

{% macro spark__rounded_quotient(part, whole, digits) -%}
    {{ round_double('cast(' ~ part ~ ' as double) / nullif(cast(' ~ whole ~ ' as double), 0)', digits) }}
{%- endmacro %}
