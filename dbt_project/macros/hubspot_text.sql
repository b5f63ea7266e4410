{# Text of a field of a HubSpot record, out of the `fields` of newest_records, without outer blanks and NUL bytes;
   empty, HubSpot's "cleared", is NULL, and so is what is no text. #}
{% macro hubspot_text(field) -%}
    {{ trimmed_text(plain_text("fields['" ~ field ~ "']")) }}
{%- endmacro %}

{% macro trimmed_text(text) -%}
    nullif(trim(replace({{ text }}, chr(0), '')), '')
{%- endmacro %}
