{# Business date, in the company's time zone, of a naive UTC stamp. #}
{% macro business_date(stamp) -%}
    {{ return(adapter.dispatch('business_date')(stamp)) }}
{%- endmacro %}

{% macro default__business_date(stamp) -%}
    cast(timezone('{{ var("company_time_zone") }}', timezone('UTC', {{ stamp }})) as date)
{%- endmacro %}

{% macro spark__business_date(stamp) -%}
    cast(from_utc_timestamp({{ stamp }}, '{{ var("company_time_zone") }}') as date)
{%- endmacro %}

{# First UTC moment (naive) of the day after a business date: "end of that day". #}
{% macro end_of_business_date(day) -%}
    {{ return(adapter.dispatch('end_of_business_date')(day)) }}
{%- endmacro %}

{% macro default__end_of_business_date(day) -%}
    timezone('UTC', timezone('{{ var("company_time_zone") }}', cast({{ day }} + interval 1 day as timestamp)))
{%- endmacro %}

{% macro spark__end_of_business_date(day) -%}
    cast(to_utc_timestamp(date_add({{ day }}, 1), '{{ var("company_time_zone") }}') as timestamp)
{%- endmacro %}
