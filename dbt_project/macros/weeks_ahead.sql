{# Which week after an origin a later day falls into: the day after it begins week 1. #}
{% macro weeks_ahead(origin, day) -%}
    cast(ceil(cast({{ days_between(origin, day) }} as double) / 7) as bigint)
{%- endmacro %}
