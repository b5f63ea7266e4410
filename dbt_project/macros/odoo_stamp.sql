{# Naive UTC stamp of a field ("2026-01-31 14:05:00", always UTC); NULL where it is false or no stamp. #}
{% macro odoo_stamp(column, field) -%}
    try_cast({{ json_text(column, field) }} as timestamp)
{%- endmacro %}
