{# At the end of a run: what was built goes to the warehouse file; elsewhere it stands already. #}
{% macro write_warehouse() -%}
    {{ return(adapter.dispatch('write_warehouse')()) }}
{%- endmacro %}

{% macro default__write_warehouse() -%}
    checkpoint {{ target.database }}
{%- endmacro %}

{# Tables are files; what the marts that are views say is written as files too, where somebody wants to compare them. #}
{% macro spark__write_warehouse() -%}
    {%- set folder = env_var('UMLAUF_SPARK_VIEWS', '') -%}
    {%- for result in results if folder and execute and result.status == 'success' -%}
        {%- set node = result.node -%}
        {%- if node.resource_type == 'model' and node.fqn[1] == 'marts' and node.config.materialized == 'view' -%}
            {%- set view = node.schema ~ '.' ~ node.name -%}
            {%- do run_query(
                "insert overwrite directory '" ~ folder ~ '/' ~ view ~ "' using parquet select * from " ~ view
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
