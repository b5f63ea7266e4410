{# The value below which a share of the values lies, interpolated between neighbours, to 6 decimals. The same in both
   engines; a sum of doubles it is not, so that the order of rows cannot show. #}
{% macro percentile(value, share) -%}
    cast(round(percentile_cont({{ share }}) within group (order by cast({{ value }} as double)), 6) as decimal(28, 6))
{%- endmacro %}
