{# Class of a demand by its expected units: products alike in size miss alike. Bounds double from an eighth to 64. #}
{% macro demand_size(units) -%}
    case
        {%- for bound in [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64] %}
        when {{ units }} < {{ bound }} then {{ loop.index }}
        {%- endfor %}
        else 11
    end
{%- endmacro %}
