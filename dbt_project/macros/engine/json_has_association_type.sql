{# Whether a HubSpot association (JSON text) carries HubSpot's own association type of that number.
   Labels people define are numbered on their own and may bear the same number. #}
{% macro json_has_association_type(column, type_id) -%}
    {{ return(adapter.dispatch('json_has_association_type')(column, type_id)) }}
{%- endmacro %}

{% macro default__json_has_association_type(column, type_id) -%}
    coalesce(
            list_contains(
                from_json(
                    json_extract({{ column }}, '$.associationTypes'), '[{"category": "VARCHAR", "typeId": "INTEGER"}]'
                ),
                {'category': 'HUBSPOT_DEFINED', 'typeId': {{ type_id }}}
            ),
            false
        )
{%- endmacro %}

{% macro spark__json_has_association_type(column, type_id) -%}
    coalesce(
        exists(
            from_json(
                get_json_object({{ column }}, '$.associationTypes'), 'array<struct<category: string, typeId: int>>'
            ),
            t -> t.category = 'HUBSPOT_DEFINED' and t.typeId = {{ type_id }}
        ),
        false
    )
{%- endmacro %}
