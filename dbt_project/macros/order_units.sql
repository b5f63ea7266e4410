{# The least one can order of what is missing: at least the minimum, in whole packs. Rounded before it is raised: a
   quotient of doubles may lie a hair above a whole number of packs. NULL where nobody offers it. #}
{% macro order_units(units, minimum, pack_size) -%}
    {%- set packs = "cast(greatest(" ~ units ~ ", " ~ minimum ~ ") as double) / cast(" ~ pack_size ~ " as double)" -%}
    cast(ceil({{ round_double(packs, 6) }}) as decimal(18, 4)) * {{ pack_size }}
{%- endmacro %}
