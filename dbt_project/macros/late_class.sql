{# Class of an open item by how late it is: more than so many days. Whoever is that late pays as all others did. #}
{% macro late_classes() -%}
    {{ return([60, 30, 7, -999]) }}
{%- endmacro %}

{% macro late_class(days_late) -%}
    case
        {%- for days in late_classes()[:-1] %}
        when {{ days_late }} > {{ days }} then {{ days }}
        {%- endfor %}
        else {{ late_classes()[-1] }}
    end
{%- endmacro %}

{# 1 while the day on which an item would be paid, so many days late, is still to come at the origin. #}
{% macro still_to_come(days_late) -%}
    case when {{ days_later('due_date', days_late) }} > forecast_date then 1 else 0 end
{%- endmacro %}
