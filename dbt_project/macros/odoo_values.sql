{# Fields of an Odoo record, out of the `fields` of newest_records.
   Odoo writes false for "empty" in every type, and a reference as [id, "display name"]. #}

{# Text of a field; NULL where Odoo says false, or what is no text. #}
{% macro odoo_text(field) -%}
    nullif({{ plain_text("fields['" ~ field ~ "']") }}, 'false')
{%- endmacro %}

{# Id, as text, behind a many2one field; NULL where Odoo says false. #}
{% macro odoo_id(field) -%}
    {{ json_text("fields['" ~ field ~ "']", '[0]') }}
{%- endmacro %}

{# Booleans: false is a value here, not an absence. #}
{% macro odoo_flag(field) -%}
    coalesce(fields['{{ field }}'] = 'true', false)
{%- endmacro %}

{# Decimal of a field, in the type given; NULL where it is false or no number. #}
{% macro odoo_decimal(field, type='decimal(18, 2)') -%}
    try_cast(fields['{{ field }}'] as {{ type }})
{%- endmacro %}

{# Date of a field; NULL where it is false or no date. #}
{% macro odoo_date(field) -%}
    try_cast(fields['{{ field }}'] as date)
{%- endmacro %}

{# Naive UTC stamp of a field ("2026-01-31 14:05:00", always UTC); NULL where it is false or no stamp. #}
{% macro odoo_stamp(field) -%}
    try_cast(fields['{{ field }}'] as timestamp)
{%- endmacro %}

{# Whole number of a field; NULL where it is false or no number. #}
{% macro odoo_integer(field) -%}
    {{ odoo_decimal(field, 'bigint') }}
{%- endmacro %}
