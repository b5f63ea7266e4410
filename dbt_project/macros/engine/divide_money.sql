{# Quotient of decimals, rounded half up to cents, divided as doubles: their 15 digits carry amounts up to 10^12 to the
   cent. #}
{% macro divide_money(amount, divisor) -%}
    cast({{ rounded_quotient("cast(" ~ amount ~ " as decimal(38, 10))", divisor, 2) }} as decimal(18, 2))
{%- endmacro %}

{# Exact decimal product, rounded half up to cents; no product of the two is wider than 38 digits. #}
{% macro multiply_money(amount, factor) -%}
    cast(round(cast({{ amount }} as decimal(27, 2)) * cast({{ factor }} as decimal(10, 6)), 2) as decimal(18, 2))
{%- endmacro %}
