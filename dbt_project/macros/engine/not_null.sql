{# Spark's Parquet tables cannot be told that a column holds no NULL; the keys' tests ask. #}
{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}
