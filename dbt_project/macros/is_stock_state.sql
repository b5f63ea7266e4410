{# True when a stock move or move line has a state that Odoo 19 knows. #}
{% macro is_stock_state(state) -%}
    coalesce({{ state }}, '') in ('draft', 'waiting', 'confirmed', 'partially_available', 'assigned', 'done', 'cancel')
{%- endmacro %}
