{# One date per day from first to last, both included, for `select unnest` position. #}
{% macro date_rows(first_date, last_date) -%}
    {{ return(adapter.dispatch('date_rows')(first_date, last_date)) }}
{%- endmacro %}

{% macro default__date_rows(first_date, last_date) -%}
    cast(unnest(generate_series(
        cast({{ first_date }} as timestamp), cast({{ last_date }} as timestamp), interval 1 day
    )) as date)
{%- endmacro %}

{% macro spark__date_rows(first_date, last_date) -%}
    explode(sequence({{ first_date }}, {{ last_date }}, interval 1 day))
{%- endmacro %}
