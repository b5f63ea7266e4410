{# Odoo writes false for "empty" in every type, and a reference as [id, "display name"]. #}

{# Text of a field; NULL where Odoo says false. #}
{% macro odoo_text(column, field) -%}
    nullif({{ json_text(column, field) }}, 'false')
{%- endmacro %}

{# Id, as text, behind a many2one field; NULL where Odoo says false. #}
{% macro odoo_id(column, field) -%}
    {{ json_text(column, field ~ '[0]') }}
{%- endmacro %}

{# Booleans: false is a value here, not an absence. #}
{% macro odoo_flag(column, field) -%}
    coalesce({{ json_text(column, field) }} = 'true', false)
{%- endmacro %}

{# Decimal of a field, in the type given; NULL where it is false or no number. #}
{% macro odoo_decimal(column, field, type='decimal(18, 2)') -%}
    try_cast({{ json_text(column, field) }} as {{ type }})
{%- endmacro %}

{# Date of a field; NULL where it is false or no date. #}
{% macro odoo_date(column, field) -%}
    try_cast({{ json_text(column, field) }} as date)
{%- endmacro %}
