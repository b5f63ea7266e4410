{# What a base model reads: all that landed, or in an incremental build only the batches that are not in the warehouse
   yet. "Not yet" goes by batch, never by day: a backfill lands older days later. The build decides
   (umlauf.warehouse.increment) and sees to it that each new batch was fetched behind all known ones: so the newest
   version of a record is among the new ones, or its row stands. #}
{% macro landed_rows(source_name, stream) -%}
    {%- if adds_news() -%}
        {{ new_rows(source_name, stream) }}
    {%- else -%}
        {{ source(source_name, stream) }}
    {%- endif -%}
{%- endmacro %}

{# In an incremental build: true for records of which something new has landed. Elsewhere always true. #}
{% macro is_touched(source_name, stream) -%}
    {%- if adds_news() -%}
        record_key in (select touched.record_key from {{ new_rows(source_name, stream) }} as touched)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# Before a model is told anew what it says of touched records: a record may have no row left. #}
{% macro forget_touched(source_name, stream) -%}
    {%- if adds_news() -%}
        {{ adapter.dispatch('forget_rows')(is_touched(source_name, stream)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__forget_rows(condition) -%}
    delete from {{ this }} where {{ condition }}
{%- endmacro %}

{% macro spark__forget_rows(condition) -%}
    {%- do write_in_place_of(this, 'select * from ' ~ this ~ ' where not (' ~ condition ~ ')', 'forget') -%}
{%- endmacro %}

{# Whether this build adds to the model's table what is new. #}
{% macro adds_news() -%}
    {{ return(execute and model.config.materialized == 'incremental' and is_incremental()) }}
{%- endmacro %}
