{# Exact decimal quotient, rounded half up to cents. DuckDB divides decimals as doubles; Spark does not.
   15 digits of a double carry amounts up to 10^12 exactly to the cent. #}
{% macro divide_money(amount, divisor) -%}
    {{ return(adapter.dispatch('divide_money')(amount, divisor)) }}
{%- endmacro %}

{% macro default__divide_money(amount, divisor) -%}
    cast(round(cast({{ amount }} as decimal(38, 10)) / nullif({{ divisor }}, 0), 2) as decimal(18, 2))
{%- endmacro %}

{# Exact decimal product, rounded half up to cents; decimal(38, 8) keeps DuckDB from overflowing above 10^10. #}
{% macro multiply_money(amount, factor) -%}
    cast(round(cast({{ amount }} as decimal(28, 2)) * cast({{ factor }} as decimal(10, 6)), 2) as decimal(18, 2))
{%- endmacro %}
