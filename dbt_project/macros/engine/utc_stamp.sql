{# Naive UTC stamp from ISO text; an offset is honoured (a plain cast drops it); unreadable is NULL. #}
{% macro utc_stamp(text) -%}
    {{ return(adapter.dispatch('utc_stamp')(text)) }}
{%- endmacro %}

{% macro default__utc_stamp(text) -%}
    timezone('UTC', try_cast({{ text }} as timestamptz))
{%- endmacro %}

{% macro spark__utc_stamp(text) -%}
    try_cast(try_cast({{ text }} as timestamp_ltz) as timestamp_ntz)
{%- endmacro %}
