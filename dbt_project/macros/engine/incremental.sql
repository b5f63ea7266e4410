{# Spark's Parquet tables know no merge and no delete: what a table is to hold is written beside it and takes its name.
   A night's records lie all over a table, so that no partition of it would stay as it is. #}
{% materialization incremental, adapter='spark' %}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks) }}
    {% if existing is none or should_full_refresh() %}
        {% do write_in_place_of(existing, compiled_code, 'main') %}
    {% else %}
        {% do write_in_place_of(existing, standing_and_new(existing, compiled_code), 'main') %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{% macro write_in_place_of(existing, sql, statement_name) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set next = target.incorporate(path={'identifier': this.identifier ~ '__next'}) -%}
    {% call statement(statement_name) -%}
        {{ create_table_as(False, next, sql) }}
    {%- endcall %}
    {% if existing is not none %}
        {% do adapter.drop_relation(target) %}
    {% endif %}
    {% do adapter.rename_relation(next, target) %}
{%- endmacro %}

{# Rows of a table whose key is not among the new ones, and the new ones. #}
{% macro standing_and_new(existing, compiled_code) -%}
    {%- set key = [config.get('unique_key')] if config.get('unique_key') is string else config.get('unique_key') -%}
    {%- set columns = adapter.get_columns_in_relation(existing) | map(attribute='quoted') | join(', ') -%}
    with dbt_new as (
        {{ compiled_code }}
    )
    select {{ columns }} from {{ existing }} as standing
    where not exists (
        select 1 from dbt_new
        where {% for column in key %}dbt_new.{{ column }} = standing.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    )
    union all
    select {{ columns }} from dbt_new
{%- endmacro %}
