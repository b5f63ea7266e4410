{# Quotient of two numbers to 4 decimals; NULL when the divisor is zero. DuckDB divides as doubles, Spark exactly:
   both are exact to 4 decimals as long as numerator and divisor have at most 15 digits. #}
{% macro ratio(part, whole) -%}
    cast(round(cast({{ part }} as decimal(38, 4)) / nullif({{ whole }}, 0), 4) as decimal(18, 4))
{%- endmacro %}
