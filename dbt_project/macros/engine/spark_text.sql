{# A value as a text of Spark's SQL; none is null. #}
{% macro spark_text(value) -%}
    {%- if value is none -%} {{ return('null') }} {%- endif -%}
    {{ return("'" ~ (value | string).replace('\\', '\\\\').replace("'", "\\'") ~ "'") }}
{%- endmacro %}
