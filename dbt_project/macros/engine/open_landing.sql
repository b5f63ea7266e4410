{# At the start of a run, what landed is there to be read. DuckDB reads a source's `external_location`; Spark wants a table
   of its catalogue, which is made of the folder's name and told the columns, so that no file is opened. #}
{% macro open_landing() -%}
    {{ return(adapter.dispatch('open_landing')()) }}
{%- endmacro %}

{% macro default__open_landing() -%}
{%- endmacro %}

{% macro spark__open_landing() -%}
    {%- set landing = env_var('UMLAUF_LANDING', 'landing') -%}
    {%- set sources = (graph.sources if execute else {}).values() | list -%}
    {%- for schema in sources | map(attribute='schema') | unique -%}
        {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- endfor -%}
    {%- for source in sources -%}
        {#- Made anew: the list of a table's files is kept as long as the table. -#}
        {%- do run_query('drop table if exists ' ~ source.schema ~ '.' ~ source.name) -%}
        {%- do run_query('create table ' ~ source.schema ~ '.' ~ source.name ~ landed_files(source, landing)) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro landed_files(source, landing) -%}
    {%- if source.source_name == 'landing' %} using parquet location {{ spark_text(env_var('UMLAUF_BATCHES')) }}
    {%- else %} (
        record_key string, record_version timestamp, is_deleted boolean, payload string, fetched_at timestamp
    ) using parquet options (
        path {{ spark_text(landing ~ '/' ~ ('umlauf' if source.source_name == 'own' else source.source_name) ~ '/' ~ source.name) }},
        recursiveFileLookup 'true', pathGlobFilter '*.parquet'
    )
    {%- endif -%}
{%- endmacro %}
