{# Every field of a JSON object, from one parse: a map, read as `fields['name']`; the object is the text itself, or
   the one of that name `inside` it. Values are text, objects and arrays their JSON text; NULL for JSON null and for
   a field that is not there. The map is NULL for text that is no such object, or names a field twice. #}
{% macro json_fields(column, inside=none) -%}
    {{ return(adapter.dispatch('json_fields')(column, inside)) }}
{%- endmacro %}

{% macro default__json_fields(column, inside) -%}
    {%- set map = '"MAP(VARCHAR, VARCHAR)"' -%}
    {%- if inside -%}
        {%- set fields = "try(json_transform(" ~ column ~ ", '{\"" ~ inside ~ "\": " ~ map ~ "}')." ~ inside ~ ")" -%}
    {%- else -%}
        {%- set fields = "try(json_transform(" ~ column ~ ", '" ~ map ~ "'))" -%}
    {%- endif -%}
    {#- DuckDB makes a map with a name in it twice, and minds only when another row nearby is no JSON: asked for, so
        that what a record says does not depend on its neighbours. -#}
    case when len(map_keys({{ fields }})) = len(list_distinct(map_keys({{ fields }}))) then {{ fields }} end
{%- endmacro %}

{% macro spark__json_fields(column, inside) -%}
    {%- if inside -%}
        from_json({{ column }}, 'struct<{{ inside }}: map<string, string>>').{{ inside }}
    {%- else -%}
        from_json({{ column }}, 'map<string, string>')
    {%- endif -%}
{%- endmacro %}
