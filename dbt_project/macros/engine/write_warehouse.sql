{# At the end of a run: what was built goes to the warehouse file; elsewhere it stands already. #}
{% macro write_warehouse() -%}
    {{ return(adapter.dispatch('write_warehouse')()) }}
{%- endmacro %}

{% macro default__write_warehouse() -%}
    checkpoint {{ target.database }}
{%- endmacro %}

{% macro spark__write_warehouse() -%}
{%- endmacro %}
