{# Class of a forecast by how many weeks ahead it speaks of: those near miss alike, and so do those far. #}
{% macro forecast_distance(horizon) -%}
    case when {{ horizon }} <= 4 then 'near' when {{ horizon }} <= 8 then 'middle' else 'far' end
{%- endmacro %}

{# Which week after an origin a later day falls into: the day after it begins week 1. #}
{% macro weeks_ahead(origin, day) -%}
    cast(ceil(cast({{ days_between(origin, day) }} as double) / 7) as bigint)
{%- endmacro %}
