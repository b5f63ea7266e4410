{# True when the state in an Odoo stock move or move line is one that Odoo 19 has. #}
{% macro is_stock_state(column) -%}
    coalesce({{ odoo_text(column, 'state') }}, '') in (
            'draft', 'waiting', 'confirmed', 'partially_available', 'assigned', 'done', 'cancel'
        )
{%- endmacro %}
