{# A text in small letters, to compare without regard to case. Not in capitals: of ß DuckDB makes ẞ, Spark SS. Of two
   letters Spark's small one depends on what stands around it, or is two: they are told DuckDB's way. #}
{% macro lower_text(text) -%}
    {{ return(adapter.dispatch('lower_text')(text)) }}
{%- endmacro %}

{% macro default__lower_text(text) -%}
    lower({{ text }})
{%- endmacro %}

{% macro spark__lower_text(text) -%}
    lower(translate({{ text }}, 'Σİ', 'σi'))
{%- endmacro %}
