{# Units in another unit of measure, by Odoo's factors (reference units per unit), to 4 decimals.
   Divided as doubles, exact to 4 decimals up to 10^11 units. Products of two decimal(18) overflow in DuckDB, here above
   10^6 units and prices of 10^4: one side is wider. #}
{% macro convert_units(units, from_factor, to_factor) -%}
    {%- set product = "cast(" ~ units ~ " as decimal(19, 4)) * cast(" ~ from_factor ~ " as decimal(18, 8))" -%}
    cast({{ rounded_quotient(product, to_factor, 4) }} as decimal(18, 4))
{%- endmacro %}

{# The price of one unit, told for another unit: it goes the other way than a quantity. #}
{% macro convert_price(price, from_factor, to_factor) -%}
    {%- set product = "cast(" ~ price ~ " as decimal(19, 6)) * cast(" ~ to_factor ~ " as decimal(18, 8))" -%}
    cast({{ rounded_quotient(product, from_factor, 4) }} as decimal(18, 4))
{%- endmacro %}

{# Money of so many units at a price each, rounded half up to cents; 38 digits keep DuckDB from overflowing. #}
{% macro units_at_price(units, unit_price) -%}
    cast(round(cast({{ units }} as decimal(19, 4)) * cast({{ unit_price }} as decimal(18, 4)), 2) as decimal(18, 2))
{%- endmacro %}

{# Quotient of two decimals to 4 decimals, for prices and costs of one unit; NULL when the divisor is zero. #}
{% macro divide_price(amount, divisor) -%}
    cast({{ rounded_quotient("cast(" ~ amount ~ " as decimal(28, 8))", divisor, 4) }} as decimal(18, 4))
{%- endmacro %}
