{# The moment this build knows of, and the business date it speaks about: vars, never a clock. #}
{% macro known_on() -%}
    cast('{{ var("known_on") }}' as timestamp)
{%- endmacro %}

{% macro as_of_date() -%}
    cast('{{ var("as_of") }}' as date)
{%- endmacro %}
