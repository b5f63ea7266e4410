{# Whether money settles what was due less a deduction of the seed payment_deductions: its discount to the cent, and
   charges up to its limits. `deduction` is the alias of the seed. #}
{% macro is_settled_less(deduction, document_type, due, money, age_days) -%}
    (
        {{ document_type }} like {{ deduction }}.document_like
        and {{ age_days }} <= {{ deduction }}.max_days
        {#- A discount may be rounded either way. #}
        and {{ due }} - {{ discount_on(due, deduction ~ '.discount_ratio') }} - {{ money }}
        between case when {{ deduction }}.discount_ratio > 0 then -0.01 else 0 end
        and greatest(
            case when {{ deduction }}.discount_ratio > 0 then 0.01 else 0 end,
            least({{ deduction }}.max_charges_amount, {{ due }} * {{ deduction }}.max_charges_ratio)
        )
    )
{%- endmacro %}

{% macro discount_on(due, discount_ratio) -%}
    cast(round({{ due }} * {{ discount_ratio }}, 2) as decimal(18, 2))
{%- endmacro %}
