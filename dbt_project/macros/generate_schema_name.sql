{# Marts live in schemas named as people query them (`pipeline`), not `main_pipeline`. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
