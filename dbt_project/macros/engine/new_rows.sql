{# Rows of a stream's new batches, as landed. The files are listed one by one: a glob would open every file that ever
   landed to find those few. #}
{% macro new_rows(source_name, stream) -%}
    {{ return(adapter.dispatch('new_rows')(source_name, stream)) }}
{%- endmacro %}

{% macro default__new_rows(source_name, stream) -%}
    {%- set files = run_query(
        "select file from read_parquet(getvariable('news')) where source = '" ~ source_name
        ~ "' and stream = '" ~ stream ~ "' order by file"
    ).columns[0].values() -%}
    {%- if files -%}
        read_parquet([
            {%- for file in files -%}
                '{{ file.replace("'", "''") }}'{{ ", " if not loop.last }}
            {%- endfor -%}
        ])
    {%- else -%}
        {{ no_rows() }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__new_rows(source_name, stream) -%}
    {%- set files = run_query(
        "select file from parquet.`" ~ env_var('UMLAUF_NEWS') ~ "` where source = '" ~ source_name
        ~ "' and stream = '" ~ stream ~ "' order by file"
    ).columns[0].values() -%}
    {%- if files -%}
        (
            {%- for file in files -%}
                select * from parquet.`{{ file }}`{{ " union all " if not loop.last }}
            {%- endfor -%}
        )
    {%- else -%}
        {{ no_rows() }}
    {%- endif -%}
{%- endmacro %}

{# A stream with nothing new: the columns of landing and no row. #}
{% macro no_rows() -%}
    (
        select
            cast(null as string) as record_key,
            cast(null as timestamp) as record_version,
            cast(null as boolean) as is_deleted,
            cast(null as string) as payload,
            cast(null as timestamp) as fetched_at
        where 1 = 0
    )
{%- endmacro %}
