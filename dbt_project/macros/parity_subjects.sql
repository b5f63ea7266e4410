{# What a figure is of, as a source's report and our own models both write it: the key they are compared by. #}

{% macro subject_place(product_id, location_id) -%}
    'product ' || {{ product_id }} || ' in location ' || {{ location_id }}
{%- endmacro %}

{% macro subject_product(product_id, company_id) -%}
    'product ' || {{ product_id }} || ' of company ' || coalesce({{ company_id }}, 'none')
{%- endmacro %}

{% macro subject_partner(partner_id, company_id) -%}
    'partner ' || coalesce({{ partner_id }}, 'none') || ' of company ' || coalesce({{ company_id }}, 'none')
{%- endmacro %}

{% macro subject_month(month_start_date, company_id) -%}
    'month ' || substr(cast({{ month_start_date }} as string), 1, 7) || ' of company ' || coalesce({{ company_id }}, 'none')
{%- endmacro %}

{% macro subject_stage(stage_id) -%}
    'stage ' || coalesce({{ stage_id }}, 'none')
{%- endmacro %}

{% macro subject_account(account_id, day) -%}
    'account ' || {{ account_id }} || ' on ' || cast({{ day }} as string)
{%- endmacro %}

{# Which check a ledger account's items belong to; NULL for accounts that none looks at. #}
{% macro ledger_check(account_type) -%}
    case
        when {{ account_type }} = 'asset_receivable' then 'receivables'
        when {{ account_type }} = 'liability_payable' then 'payables'
        when {{ account_type }} in ('income', 'income_other') then 'revenue'
    end
{%- endmacro %}
