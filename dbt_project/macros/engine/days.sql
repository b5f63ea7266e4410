{# A date some days later. Both engines know `date + interval`; DuckDB makes a timestamp of it. #}
{% macro days_after(day, days) -%}
    cast({{ day }} + interval '{{ days }}' day as date)
{%- endmacro %}

{# The same, the number of days being a column: dates add whole days in both engines. #}
{% macro days_later(day, days) -%}
    {{ return(adapter.dispatch('days_later')(day, days)) }}
{%- endmacro %}

{% macro default__days_later(day, days) -%}
    ({{ day }} + cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__days_later(day, days) -%}
    date_add({{ day }}, cast({{ days }} as integer))
{%- endmacro %}

{# The end of a span that has not ended: comparable, unlike NULL. #}
{% macro open_end() -%}
    cast('9999-12-31' as date)
{%- endmacro %}

{# Whole days from one date to a later one; negative when it is earlier. #}
{% macro days_between(first, later) -%}
    {{ return(adapter.dispatch('days_between')(first, later)) }}
{%- endmacro %}

{% macro default__days_between(first, later) -%}
    date_diff('day', {{ first }}, {{ later }})
{%- endmacro %}

{% macro spark__days_between(first, later) -%}
    cast(datediff({{ later }}, {{ first }}) as bigint)
{%- endmacro %}

{# Hours, with their fraction, from one stamp to a later one. #}
{% macro hours_between(first, later) -%}
    {{ return(adapter.dispatch('hours_between')(first, later)) }}
{%- endmacro %}

{% macro default__hours_between(first, later) -%}
    date_diff('second', {{ first }}, {{ later }}) / 3600.0
{%- endmacro %}

{% macro spark__hours_between(first, later) -%}
    cast(timestampdiff(second, {{ first }}, {{ later }}) as double) / 3600
{%- endmacro %}

{# First day of the month of a date. #}
{% macro month_of(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}
