{# Text with all that a regular expression finds replaced. Both engines know \p{L} and \p{N}, and no lookaround. #}
{% macro replace_all(text, pattern, by='') -%}
    {{ return(adapter.dispatch('replace_all')(text, "'" ~ pattern ~ "'", "'" ~ by ~ "'")) }}
{%- endmacro %}

{% macro default__replace_all(text, pattern, by) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ by }}, 'g')
{%- endmacro %}

{# Spark reads backslashes in its literals. #}
{% macro spark__replace_all(text, pattern, by) -%}
    regexp_replace({{ text }}, {{ pattern.replace('\\', '\\\\') }}, {{ by }})
{%- endmacro %}
