{# Mean and deviation of a sample from its sum, sum of squares and size: exact sums in, 6 decimals out, so that the
   order of rows cannot show. NULL when the sample is too small to have one. #}
{% macro mean_of(total, size) -%}
    cast({{ round_double("cast(" ~ total ~ " as double) / nullif(" ~ size ~ ", 0)", 6) }} as decimal(18, 6))
{%- endmacro %}

{# Greatest alone would not do: of NULL and 0 it takes 0. #}
{% macro deviation_of(total, squares, size) -%}
    {%- set variance -%}
        (cast({{ squares }} as double) - cast({{ total }} as double) * cast({{ total }} as double) / {{ size }})
        / ({{ size }} - 1)
    {%- endset -%}
    case when {{ size }} > 1 then cast({{ round_double("sqrt(greatest(" ~ variance ~ ", 0))", 6) }} as decimal(18, 6)) end
{%- endmacro %}
