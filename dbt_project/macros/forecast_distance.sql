{# Class of a forecast by how many weeks ahead it speaks of: those near miss alike, and so do those far. #}
{% macro forecast_distance(horizon) -%}
    case when {{ horizon }} <= 4 then 'near' when {{ horizon }} <= 8 then 'middle' else 'far' end
{%- endmacro %}
