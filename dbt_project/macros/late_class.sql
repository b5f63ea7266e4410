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
