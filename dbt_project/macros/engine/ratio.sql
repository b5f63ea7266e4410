{# Quotient of two numbers to 4 decimals, divided as doubles; NULL when the divisor is zero. #}
{% macro ratio(part, whole) -%}
    cast({{ rounded_quotient("cast(" ~ part ~ " as decimal(38, 4))", whole, 4) }} as decimal(18, 4))
{%- endmacro %}
