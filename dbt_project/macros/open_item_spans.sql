{# The spans of one side of the ledger, receivable or payable, with the columns both marts publish. #}
{% macro open_item_spans(spans, ledger_side) -%}
select
    item_id,
    company_id,
    move_id,
    document_name,
    document_type,
    partner_id,
    account_code,
    opened_date,
    due_date,
    valid_from_date,
    valid_to_date,
    currency_code,
    original_amount,
    open_amount,
    company_currency_code,
    original_amount_company,
    open_amount_company

from {{ spans }}
where ledger_side = '{{ ledger_side }}'
{%- endmacro %}
