{# One date per day from first to last, both included, for `select unnest` position. #}
{% macro date_rows(first_date, last_date) -%}
    {{ return(adapter.dispatch('date_rows')(first_date, last_date)) }}
{%- endmacro %}

{% macro default__date_rows(first_date, last_date) -%}
    cast(unnest(generate_series(
        cast({{ first_date }} as timestamp), cast({{ last_date }} as timestamp), interval 1 day
    )) as date)
{%- endmacro %}

{# Spark's sequence fails where the first is behind the last, or counts down. #}
{% macro spark__date_rows(first_date, last_date) -%}
    explode(case
        when {{ first_date }} <= {{ last_date }}
            then sequence(cast({{ first_date }} as date), cast({{ last_date }} as date), interval 1 day)
    end)
{%- endmacro %}
