{# The moment this build knows of (UTC: rows fetched later are unknown to it), and the business date the marts speak
   about: told, never a clock. By a var, or, as the build does every night, by the environment: a changed var makes
   dbt parse all models anew, and so does a variable of the environment unless it is read on execution only. #}
{% macro known_on() -%}
    cast('{{ var("known_on", env_var("UMLAUF_KNOWN_ON", "9999-12-31 00:00:00")) if execute }}' as timestamp)
{%- endmacro %}

{% macro as_of_date() -%}
    cast('{{ var("as_of", env_var("UMLAUF_AS_OF", "2026-11-22")) if execute }}' as date)
{%- endmacro %}
