{# How far back demand teaches its interval, and a promise its odds: both learn from the same, or they contradict each
   other. A company changes: what is longer ago teaches nothing. #}
{% macro demand_learnt_days() -%}
    {{ return(91) }}
{%- endmacro %}
