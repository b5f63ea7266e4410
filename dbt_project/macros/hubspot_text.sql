{# Text of a HubSpot property, without outer blanks and NUL bytes; empty, HubSpot's "cleared", is NULL. #}
{% macro hubspot_text(property, column='payload') -%}
    {{ trimmed_text(json_text(column, 'properties.' ~ property)) }}
{%- endmacro %}

{% macro trimmed_text(text) -%}
    nullif(trim(replace({{ text }}, chr(0), '')), '')
{%- endmacro %}
